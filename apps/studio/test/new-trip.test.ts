import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { openBrowser, openStudio, visit } from './browser.js'

const [browser, studio] = await Promise.all([openBrowser(), openStudio()])

describe.concurrent('a new trip', { timeout: 60_000 }, () => {
  it('is on the screen before the server has heard of it, and can be taken along as a file', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/')
    let letThrough: () => void = () => undefined
    const isHeld = new Promise<void>((resolve) => (letThrough = resolve))
    await page.route('**/api/longhaul/jobs', async (route) => {
      await isHeld
      await route.continue()
    })
    await page.getByLabel('Destination').fill('Braga')
    await page.getByLabel('Days', { exact: true }).fill('1')
    await page.getByRole('button', { name: 'Plan this trip' }).click()
    await page.getByRole('heading', { name: 'Braga', level: 1 }).waitFor()
    await page.getByRole('navigation', { name: 'Your trips' }).getByText('Braga').waitFor()
    const address = page.url()
    letThrough()
    await page.getByRole('heading', { name: 'Day 1' }).waitFor({ timeout: 30_000 })
    expect(page.url()).toBe(address)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Map (.geojson)' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('braga.geojson')
    expect(await readFile(await download.path(), 'utf8')).toContain('FeatureCollection')
    expect(await page.locator('.trip-row', { hasText: 'Braga' }).count()).toBe(1)
  })

  it('that the server will not have says why, and nothing that was typed is lost', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page, complaints } = ada
    await ada.signIn()
    await page.goto('/')
    await page.route('**/api/longhaul/jobs', (route) =>
      route.fulfill({
        status: 422,
        contentType: 'application/problem+json',
        json: { code: 'invalid_input', status: 422, detail: 'Not today.' },
      }),
    )
    await page.getByLabel('Destination').fill('Guarda')
    await page.getByRole('button', { name: 'Plan this trip' }).click()
    await page.getByText('Not today.').waitFor()
    await page.getByRole('link', { name: 'Back to what you asked for' }).click()
    await page.getByRole('heading', { name: 'Where to?' }).waitFor()
    expect(await page.getByLabel('Destination').inputValue()).toBe('Guarda')
    expect(complaints.splice(0)).toEqual([expect.stringContaining('422')])
  })
})
