import { AxeBuilder } from '@axe-core/playwright'
import { serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, describe, expect, it, type TestContext } from 'vitest'
import { openBrowser } from './browser.js'

const browser = await openBrowser()
const address = await serveBuilt()

/** The built pages without the studio behind them: the showcase needs no server. */
async function serveBuilt(): Promise<string> {
  const app = new Hono().use(
    serveStatic({ root: fileURLToPath(new URL('../dist/web', import.meta.url)) }),
  )
  return new Promise((resolve) => {
    const server = serve(
      { fetch: app.fetch, port: 0, hostname: '127.0.0.1' },
      (info: AddressInfo) => resolve(`http://127.0.0.1:${info.port}/showcase.html`),
    )
    afterAll(() => void server.close())
  })
}

async function contextOf({ onTestFinished }: TestContext): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const complaints: string[] = []
  context.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  context.on('weberror', (error) => complaints.push(String(error.error())))
  onTestFinished(async () => {
    await context.close()
    expect(complaints).toEqual([])
  })
  return context
}

/** Resolves when the list is there, and the connections have told how they are. */
async function open(context: BrowserContext, query = ''): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${address}${query}`)
  await page.getByRole('checkbox', { name: 'Select Trip to Kyoto' }).waitFor()
  await page.getByText('You are no longer signed in.').waitFor()
  await page.getByText('The connection is lost.').waitFor()
  return page
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual(
    [],
  )
}

describe('every component in every status', { timeout: 60_000 }, () => {
  const themes = ['theme=light', 'theme=dark', 'theme=light&dir=rtl', 'theme=dark&dir=rtl']
  for (const theme of themes) {
    it(`is for everyone, on desks and phones: ${theme}`, async (test) => {
      const context = await contextOf(test)
      const page = await open(context, `?${theme}`)
      await page.emulateMedia({ reducedMotion: 'reduce' })
      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 900 })
        await expectAccessible(page)
        await page.getByRole('button', { name: /^Activity/ }).click()
        await expectAccessible(page)
        await page.keyboard.press('Escape')
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        expect(overflow, `${width} px: wider than the screen`).toBeLessThanOrEqual(0)
      }
    })
  }

  it('can be told apart in forced colours', async (test) => {
    const page = await open(await contextOf(test))
    await page.emulateMedia({ forcedColors: 'active' })
    await expectAccessible(page)
    const badge = page.locator('.longhaul-badge').first()
    expect(await badge.evaluate((element) => getComputedStyle(element).borderTopColor)).not.toBe(
      'rgba(0, 0, 0, 0)',
    )
  })

  it('stands still for those who want no motion', async (test) => {
    const page = await open(await contextOf(test))
    await page.emulateMedia({ reducedMotion: 'reduce' })
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0)
    await page.emulateMedia({ reducedMotion: 'no-preference' })
    expect(await page.evaluate(() => document.getAnimations().length)).toBeGreaterThan(0)
  })

  it('has nothing to press that is smaller than 24 pixels', async (test) => {
    const page = await open(await contextOf(test), '?theme=light')
    await page.setViewportSize({ width: 390, height: 844 })
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('.longhaul :is(button, summary, input)')]
        .map((element) => {
          const box = element.getBoundingClientRect()
          const margin = element.matches('input') ? 8 : 0
          return { text: element.outerHTML, width: box.width + margin, height: box.height + margin }
        })
        .filter(({ width, height }) => width < 24 || height < 24),
    )
    expect(small).toEqual([])
  })

  it('is worked with the keyboard alone', async (test) => {
    const page = await open(await contextOf(test))
    const activity = page.getByRole('button', { name: 'Activity, 6 running' })
    await activity.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Activity' }).waitFor()
    await page.keyboard.press('Tab')
    const focused = (): Promise<string | undefined> =>
      page.evaluate(() => document.activeElement?.textContent?.trim())
    expect(await focused()).toBe('Close')
    await page.keyboard.press('Escape')
    expect(await activity.evaluate((button) => button === document.activeElement)).toBe(true)

    await page.getByRole('checkbox', { name: 'Select Trip to Kyoto' }).press('Space')
    await page.getByRole('checkbox', { name: 'Select Trip to Cusco' }).press('Space')
    await page.getByRole('button', { name: 'Cancel 2' }).press('Enter')
    await page.getByText('1 cancelled.').waitFor()
    await page.getByText('Trip to Cusco: It has completed in the meantime.').waitFor()
    const list = page.getByRole('region', { name: 'Jobs' })
    expect(await list.evaluate((element) => element === document.activeElement)).toBe(true)
  })
})

it('tells of a job that has settled in one of two tabs', { timeout: 60_000 }, async (test) => {
  const context = await contextOf(test)
  const tabs = [await open(context), await open(context)]
  // Each tab has its own API in memory, so both see the same job settle.
  const buttons = tabs.map((tab) => tab.getByRole('button', { name: 'Cancel the trip to Lisbon' }))
  const toasts = tabs.map((tab) => tab.getByRole('list', { name: 'Toasts' }).getByRole('listitem'))
  // A settlement is known by its time: both tabs are given the same.
  for (const tab of tabs) await tab.clock.setFixedTime('2026-11-22T10:00:00.000Z')
  await Promise.all(buttons.map((button) => button.click()))
  await expect.poll(async () => (await toasts[0]!.count()) + (await toasts[1]!.count())).toBe(1)
  const rows = tabs.map((tab) =>
    tab.locator('.longhaul-list-row', { hasText: 'Trip to Lisbon' }).getByText('Cancelled.'),
  )
  await Promise.all(rows.map((row) => row.waitFor({ state: 'attached' })))
  expect((await toasts[0]!.count()) + (await toasts[1]!.count())).toBe(1)
})
