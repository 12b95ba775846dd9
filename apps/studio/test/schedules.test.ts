import { describe, expect, it } from 'vitest'
import { expectAccessible } from './accessible.js'
import { openBrowser, openStudio, visit } from './browser.js'

const [browser, studio] = await Promise.all([openBrowser(), openStudio()])

describe.concurrent('a trip by the clock', { timeout: 90_000 }, () => {
  it('is planned later, and ahead of others, when its traveller says so', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/')
    const main = page.locator('main')
    await main.getByLabel('Destination').fill('Guarda')
    await main.getByLabel('Later').check()
    await main.getByRole('button', { name: 'Plan this trip' }).click()
    await main.getByText('Say on which day').waitFor()
    await main.getByLabel('Not before').fill('2030-05-30T08:00')
    await main.getByLabel('Ahead of my other trips').check()
    await expectAccessible(page)
    await main.getByRole('button', { name: 'Plan this trip' }).click()
    await page.getByRole('heading', { name: 'Guarda', level: 1 }).waitFor()
    await main.getByText('Starts at').first().waitFor()
    const id = /[\w-]+$/.exec(page.url())![0]
    const job = (await (await page.request.get(`/api/longhaul/jobs/${id}`)).json()) as object
    expect(job).toMatchObject({ status: 'queued', priority: 10 })
  })

  it('is planned again and again, until its schedule is paused or deleted', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/trips')
    const main = page.locator('main')
    await main.getByRole('link', { name: 'Schedules' }).click()
    await page.getByRole('heading', { name: 'Schedules', level: 1 }).waitFor()
    await main.getByLabel('Destination').fill('Braga')
    await main.getByLabel('Every').selectOption('Friday')
    await main.getByLabel('At', { exact: true }).fill('07:30')
    await main.getByRole('button', { name: 'Plan it every week' }).click()
    const row = main.locator('.schedule', { hasText: 'Braga, 2 days' })
    await row.getByText(/Every Friday at 07:30.*Next on/).waitFor()
    await expectAccessible(page)

    await row.getByRole('button', { name: 'Pause: Braga' }).click()
    await row.getByText('Paused').waitFor()
    await row.getByRole('button', { name: 'Resume: Braga' }).click()
    await row.getByText('Next on').waitFor()
    await row.getByRole('button', { name: 'Delete: Braga' }).click()
    await main.getByText('There is none yet.').waitFor()
  })

  it('has its trips among the others', async (test) => {
    const grace = await visit(browser, studio.url, test)
    const { page } = grace
    await grace.signIn('grace@globex.example')
    await page.goto('/#/trips')
    const data = {
      type: 'ai_trip_generation',
      input: { destination: 'Guarda', dates: { duration: 1 } },
      cron: '* * * * * *',
    }
    const headers = { origin: studio.url }
    await page.request.put('/api/longhaul/schedules/each-second', { data, headers })
    await page.locator('main .trip-row', { hasText: 'Guarda' }).first().waitFor()
    await page.request.delete('/api/longhaul/schedules/each-second', { headers })
  })
})
