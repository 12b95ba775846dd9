import { describe, expect, it, type TestContext } from 'vitest'
import { expectAccessible } from './accessible.js'
import { openBrowser, openStudio, untilDay, untilStatus, visit, type Visitor } from './browser.js'

const [browser, studio] = await Promise.all([openBrowser(), openStudio()])

async function ada(test: TestContext): Promise<Visitor> {
  const visitor = await visit(browser, studio.url, test)
  await visitor.signIn()
  return visitor
}

const lisbon = { destination: 'Lisbon', dates: { start: '2027-05-30', end: '2027-05-30' } }

describe('the page of a trip that runs', { timeout: 60_000 }, () => {
  // Alone, because the trip must run for as long as it is looked at.
  it('is for everyone, and so is that of a trip that was cancelled', async (test) => {
    const { page, plan } = await ada(test)
    await page.goto(await plan({ ...lisbon, dates: { duration: 14 } }))
    await untilDay(page, 1)
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await untilStatus(page, 'cancelled')
    await expectAccessible(page)
  })
})

describe.concurrent(
  'for everyone, on desks and phones, by day and by night',
  { timeout: 60_000 },
  () => {
    it('is the page to sign in', async (test) => {
      const { page } = await visit(browser, studio.url, test)
      await page.goto('/')
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
      await expectAccessible(page)
    })

    it('is the page for a new trip, with what is wrong in its fields', async (test) => {
      const { page, signIn } = await visit(browser, studio.url, test)
      await signIn('grace@globex.example')
      await page.goto('/')
      await page.getByText('No trips yet.').waitFor()
      await page.getByRole('radio', { name: 'Dates' }).check()
      await page.getByRole('button', { name: 'Plan this trip' }).click()
      await page.getByText('Name a town to go to.').waitFor()
      await expectAccessible(page)
    })

    it('is the page of a trip that does not exist', async (test) => {
      const { page } = await ada(test)
      await page.goto('/#/trips/0197fe3c-0000-7000-8000-000000000000')
      await page.getByRole('heading', { name: 'There is no such trip' }).waitFor()
      await expectAccessible(page)
    })

    it('is the page of a trip that failed', async (test) => {
      const { page, plan } = await ada(test)
      await page.goto(await plan({ ...lisbon, destination: 'Lisbno' }))
      await untilStatus(page, 'failed')
      await expectAccessible(page)
    })

    it('is the page of a plan', async (test) => {
      const { page, plan } = await ada(test)
      await page.goto(await plan(lisbon))
      await page.getByRole('heading', { name: 'Day 1' }).waitFor({ timeout: 30_000 })
      await expectAccessible(page)
    })
  },
)

describe.concurrent('a page', { timeout: 60_000 }, () => {
  it('moves nothing while its trip runs', async (test) => {
    const { page, plan } = await ada(test)
    await page.goto(await plan({ ...lisbon, dates: { duration: 8 } }))
    await untilDay(page, 1)
    await page.evaluate(() => {
      const shifts = ((window as { shifts?: number[] }).shifts = [] as number[])
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push((entry as { value?: number }).value!)
      }).observe({ type: 'layout-shift' })
    })
    await untilDay(page, 4)
    expect(await page.evaluate(() => (window as { shifts?: number[] }).shifts)).toEqual([])
  })
})
