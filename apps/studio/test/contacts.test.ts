import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { expectAccessible } from './accessible.js'
import { holdableFrames, openBrowser, openStudio, visit } from './browser.js'

const [browser, studio] = await Promise.all([openBrowser(), openStudio()])

async function open(page: Page, name: string) {
  await page.getByRole('list', { name: 'Contacts' }).getByText(name).click()
  const dialog = page.getByRole('dialog', { name })
  await dialog.getByRole('heading', { name, level: 2 }).waitFor()
  return dialog
}

describe.concurrent('contacts', { timeout: 180_000 }, () => {
  it('have agents: card and dialog show who works, then the draft is there, is edited and accepted', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    const frames = await holdableFrames(page)
    await page.goto('/#/contacts')
    await frames.opened
    const card = page.locator('.contact-card', { hasText: 'Marta Oliveira' })
    const dialog = await open(page, 'Marta Oliveira')
    await page.getByRole('status').filter({ hasText: 'Connected' }).waitFor()
    // What is asked for is shown at once where the window is known.
    await dialog.getByText('Nobody has worked').waitFor()
    frames.hold()
    const ask = dialog.getByRole('button', { name: 'Draft a follow-up', exact: true })
    await ask.click()
    await card.getByText('Writing a follow-up').waitFor()
    await dialog.getByRole('list', { name: 'What the agents do' }).waitFor()
    expect(await ask.isDisabled()).toBe(true)
    frames.release()
    const draft = dialog.locator('.contact-draft')
    await draft.getByLabel('Subject').waitFor()
    expect(await draft.getByLabel('Text').inputValue()).toContain('Hello Marta,')
    await page.locator('.toast', { hasText: 'Draft a follow-up' }).waitFor()
    await card.getByText('1 draft').waitFor()
    await card.getByText('Writing a follow-up').waitFor({ state: 'detached' })
    await expectAccessible(page)

    await draft.getByLabel('Subject').fill('Locked stops')
    await draft.getByRole('button', { name: 'Accept' }).click()
    await dialog.getByText('Accepted and dismissed (1)').click()
    await dialog.getByRole('article', { name: 'Locked stops' }).waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.waitForFunction(() => document.activeElement?.className.includes('contact-card'))
    await expectAccessible(page)
  })

  it('are worked for while the live path is cut: the page polls and says so, and goes back', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/contacts')
    const connection = page.locator('.connection-state')
    await connection.and(page.locator('[data-connection=connected]')).waitFor()
    const cut = page.getByRole('button', { name: 'Cut the live path' })
    await cut.click()
    await connection.and(page.locator('[data-connection=polling]')).waitFor()
    const dialog = await open(page, 'Aiko Tanaka')
    await dialog.getByRole('button', { name: 'Find a slot', exact: true }).click()
    const text = dialog.getByLabel('Text')
    await text.waitFor({ timeout: 30_000 })
    expect(await text.inputValue()).toContain('in Tokyo')
    // In every tab, and after a reload: nothing is live until the path is mended.
    await page.reload()
    await connection.and(page.locator('[data-connection=polling]')).waitFor()
    await cut.click()
    await connection.and(page.locator('[data-connection=connected]')).waitFor()
  })

  it('are not followed when they are archived', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    const sent: string[] = []
    page.on('request', (request) => sent.push(request.postData() ?? ''))
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => sent.push(String(payload))),
    )
    await page.goto('/#/contacts')
    const dialog = await open(page, 'Tom Baker')
    await dialog.getByText('Tom Baker is archived').waitFor()
    expect(await dialog.getByRole('button', { name: 'Draft a follow-up' }).count()).toBe(0)
    await page.getByRole('status').filter({ hasText: 'Connected' }).waitFor()
    expect(sent.filter((text) => text.includes('contactId'))).toEqual([])
    await open(page, 'Jonas Weber')
    while (!sent.some((text) => text.includes('contactId'))) await page.waitForTimeout(50)
  })

  it('are made, written about and deleted', async (test) => {
    const grace = await visit(browser, studio.url, test)
    const { page } = grace
    await grace.signIn('grace@globex.example')
    await page.goto('/#/contacts')
    await page.getByRole('button', { name: 'New contact' }).click()
    const form = page.getByRole('form', { name: 'New contact' })
    await form.getByRole('textbox', { name: 'Name' }).fill('Ned Niner')
    await expectAccessible(page)
    await page.setViewportSize({ width: 1440, height: 900 })
    await form.getByRole('button', { name: 'Save' }).click()
    const dialog = page.getByRole('dialog', { name: 'Ned Niner' })
    await dialog.getByRole('button', { name: 'Summarise the talks', exact: true }).click()
    await dialog.getByText('No talk with Ned Niner is written down').first().waitFor()
    await dialog.getByText('Write one down', { exact: true }).click()
    await dialog.getByLabel('What was said').fill('Ned asked for a second pump.')
    await dialog.getByRole('button', { name: 'Write it down' }).click()
    await dialog.getByRole('listitem').filter({ hasText: 'Ned asked for a second pump.' }).waitFor()
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await dialog.getByRole('button', { name: 'Really delete Ned Niner' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.locator('.contact-card', { hasText: 'Ned Niner' }).waitFor({ state: 'detached' })
  })

  it('are not found in another organisation', async (test) => {
    const grace = await visit(browser, studio.url, test)
    await grace.signIn('grace@globex.example')
    await grace.page.goto('/#/contacts')
    await grace.page.getByText('Hank Scorpio').waitFor()
    expect(await grace.page.getByText('Marta Oliveira').count()).toBe(0)
  })
})
