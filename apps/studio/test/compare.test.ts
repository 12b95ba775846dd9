import { describe, expect, it } from 'vitest'
import { expectAccessible } from './accessible.js'
import { openBrowser, openStudio, visit } from './browser.js'

const [browser, studio] = await Promise.all([openBrowser(), openStudio()])

describe.concurrent('a comparison of towns', { timeout: 90_000 }, () => {
  it('plans all of them at once with one progress, and then sets them side by side', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/trips')
    const main = page.locator('main')
    await main.getByRole('link', { name: 'Compare towns' }).click()
    await page.getByRole('heading', { name: 'Compare towns' }).waitFor()
    await main.getByLabel('Towns').fill('Braga')
    await main.getByRole('button', { name: 'Plan them all' }).click()
    await page.getByText('Name two to 8 towns').waitFor()
    await expectAccessible(page)
    await main.getByLabel('Towns').fill('Braga, Guarda, Xyzzyville')
    await main.getByLabel('Days').fill('1')
    await main.getByRole('button', { name: 'Plan them all' }).click()

    await page.getByRole('heading', { name: 'Braga, Guarda, Xyzzyville', level: 1 }).waitFor()
    await main.getByRole('link', { name: 'Trip to Guarda' }).waitFor()
    const side = page.getByRole('region', { name: 'Side by side' })
    await side.getByRole('row', { name: /Braga/ }).waitFor({ timeout: 30_000 })
    await side.getByText('Xyzzyville was not planned').waitFor()
    expect(await side.getByRole('row').count()).toBe(3)
    await expectAccessible(page)
    await side.getByRole('link', { name: 'Guarda' }).click()
    await page.getByRole('heading', { name: 'Guarda', level: 1 }).waitFor()
  })

  it('is cancelled with all of its trips', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/compare')
    const main = page.locator('main')
    await main.getByLabel('Towns').fill('Lisbon, Porto')
    await main.getByLabel('Days').fill('14')
    await main.getByRole('button', { name: 'Plan them all' }).click()
    const whole = main.getByRole('group', { name: 'Planning all of them' })
    await main.getByRole('link', { name: 'Trip to Porto' }).waitFor()
    await whole.getByRole('button', { name: 'Cancel' }).click()
    await whole.getByText('Cancelled').first().waitFor()
    for (const town of ['Lisbon', 'Porto']) {
      const trip = main.getByRole('group', { name: `Trip to ${town}` })
      await trip.and(page.locator('[data-status="cancelled"]')).waitFor()
    }
  })
})
