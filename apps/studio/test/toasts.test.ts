import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { expectAccessible } from './accessible.js'
import { openBrowser, openStudio, untilStatus, visit } from './browser.js'

const [browser, studio] = await Promise.all([openBrowser(), openStudio()])
const lisbon = { destination: 'Lisbon', dates: { duration: 1 } }
const nowhere = { ...lisbon, destination: 'Nowhereville-xq' }

// One after the other: each person's pages tell of everything that this person's jobs do.
describe('a toast', { timeout: 90_000 }, () => {
  it('tells of a trip that is ready while one is elsewhere, leads there, and is not shown there', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/profile')
    await page.getByRole('heading', { name: 'Profile' }).waitFor()
    const focused = focusFirstToast(page)
    await ada.plan(lisbon)
    const region = page.getByRole('region', { name: 'What has happened' })
    const toast = region.locator('.toast', { hasText: 'Trip to Lisbon' })
    await focused
    await toast.waitFor()
    await page.getByRole('status').filter({ hasText: 'Trip to Lisbon: ' }).waitFor()
    await expectAccessible(page)
    await toast.getByRole('link').click()
    await page.getByRole('heading', { name: 'Lisbon', level: 1 }).waitFor()
    await toast.waitFor({ state: 'detached' })

    await page.goto(await ada.plan({ ...lisbon, destination: 'Porto' }))
    await page.getByRole('heading', { name: 'Day 1' }).waitFor({ timeout: 30_000 })
    expect(await region.getByText('Porto').count()).toBe(0)
  })

  it('goes by itself when it is good news that nobody touches', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/profile')
    await page.getByRole('heading', { name: 'Profile' }).waitFor()
    await ada.plan({ ...lisbon, destination: 'Coimbra' })
    const toast = page.locator('.toast', { hasText: 'Trip to Coimbra' })
    await toast.waitFor({ timeout: 30_000 })
    await toast.waitFor({ state: 'detached' })
  })

  it('of a failure stays until it is dismissed, with the keyboard as well', async (test) => {
    const grace = await visit(browser, studio.url, test)
    const { page } = grace
    await grace.signIn('grace@globex.example')
    await page.goto('/#/profile')
    await page.getByRole('heading', { name: 'Profile' }).waitFor()
    const failed = await grace.plan(nowhere)
    const toast = page.locator('.toast', { hasText: 'Trip to Nowhereville-xq' })
    await toast.waitFor({ timeout: 30_000 })
    await page.getByRole('alert').filter({ hasText: 'No place called' }).waitFor()
    await expectAccessible(page)
    await toast.getByRole('button', { name: 'Retry' }).click()
    await toast.getByText('No place called').waitFor({ timeout: 30_000 })
    await page.keyboard.press('F8')
    await page.keyboard.press('Escape')
    await toast.waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content')
    await page.goto(failed)
    await untilStatus(page, 'failed')
  })
})

/** In the page itself, so that on a busy machine the toast has not gone before: with the focus in it, it stays. */
function focusFirstToast(page: Page): Promise<unknown> {
  const focus = (): boolean => {
    dispatchEvent(new KeyboardEvent('keydown', { key: 'F8' }))
    return document.activeElement?.className === 'toasts'
  }
  return page.waitForFunction(focus, undefined, { timeout: 30_000 })
}
