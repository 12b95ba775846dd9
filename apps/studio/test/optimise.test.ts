import { describe, expect, it } from 'vitest'
import { expectAccessible } from './accessible.js'
import { openBrowser, openStudio, untilStatus, visit, type Visitor } from './browser.js'

const [browser, studio] = await Promise.all([openBrowser(), openStudio()])

/** A finished trip whose days can be arranged better. */
async function planned(ada: Visitor): Promise<string> {
  const preferences = { style: 'active' }
  const address = await ada.plan({ destination: 'Lisbon', dates: { duration: 7 }, preferences })
  await ada.page.goto(address)
  await ada.page.getByRole('heading', { name: 'Day 7' }).waitFor({ timeout: 60_000 })
  return address
}

describe('searching for less driving', { timeout: 120_000 }, () => {
  it('shows before and after, ends when one takes it, and the trip is shown that way', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    const trip = await planned(ada)
    await page.getByRole('navigation', { name: 'Studio' }).getByText('Optimise').click()
    await page.getByRole('combobox', { name: 'Trip' }).waitFor()
    await expectAccessible(page)
    await page.getByRole('radio', { name: 'A minute' }).check()
    await page.getByRole('button', { name: 'Look for less driving' }).click()
    const begun = Date.now()
    await page.getByRole('region', { name: 'After' }).getByText('less').first().waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Take it as it is' }).click()
    await untilStatus(page, 'completed')
    expect(Date.now() - begun).toBeLessThan(55_000)
    await page.getByText('You took it').waitFor()
    await page.goto(trip)
    await page.getByText('as you took them from a search').waitFor()

    // The next search goes on from there.
    const totals = page.locator('.overview .totals dd')
    const taken = (await totals.allTextContents()).slice(2)
    await page.goto('/#/optimise')
    await page.getByText('from the arrangement that you took last').waitFor()
    await page.getByRole('button', { name: 'Look for less driving' }).click()
    const before = page.getByRole('region', { name: 'Before' })
    await before.waitFor()
    expect(await before.locator('dd').allTextContents()).toEqual(taken)
  })

  it('waits for a decision without a worker, and leaves the trip as it was when told to', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await planned(ada)
    await page.goto('/#/optimise')
    await page.getByRole('radio', { name: '5 seconds', exact: true }).check()
    await page.getByRole('button', { name: 'Look for less driving' }).click()
    await untilStatus(page, 'waiting')
    await page.reload()
    await page.getByRole('button', { name: 'Leave the trip as it was' }).click()
    await untilStatus(page, 'completed')
    await page.getByText('You left the trip as it was.').waitFor()
  })
})
