import { describe, expect, it } from 'vitest'
import { openBrowser, stepsOf, untilDay, visit } from './browser.js'
import { makeDataDirectory, removeData, startStudio } from './studio-process.js'

const browser = await openBrowser()

const eightDays = { destination: 'Lisbon', dates: { duration: 8 } }

describe.concurrent('a trip under way', { timeout: 90_000 }, () => {
  it('survives kill -9 of everything: the page comes back by itself, and no finished step runs again', async (test) => {
    const { onTestFinished } = test
    const data = await makeDataDirectory()
    const first = await startStudio(data)
    const { page, signIn, plan, complaints } = await visit(browser, first.url, test)
    await signIn()
    await page.goto(await plan(eightDays))
    await untilDay(page, 3)
    const before = await stepsOf(page)
    await first.killEverything()
    await page.getByText('The connection is lost.').waitFor()

    const second = await startStudio(data, { PORT: String(first.port) })
    onTestFinished(async () => {
      await second.stop()
      await removeData(data)
    })
    await page.getByRole('heading', { name: 'Day 8' }).waitFor({ timeout: 60_000 })
    await page.getByText('The connection is lost.').waitFor({ state: 'detached' })
    const after = await stepsOf(page)
    const finished = [
      'find destination',
      'choose places',
      'plan days',
      'order day 1',
      'order day 2',
    ]
    expect(Object.keys(before)).toEqual(expect.arrayContaining(finished))
    for (const step of finished) expect(after, step).toMatchObject({ [step]: 1 })
    expect(Object.keys(after)).toContain('draw map')
    await page.context().close()
    expectLostConnections(complaints)
  })

  it('is followed over a WebSocket, as soon as there is one', async (test) => {
    const data = await makeDataDirectory()
    const studio = await startStudio(data)
    test.onTestFinished(async () => {
      await studio.stop()
      await removeData(data)
    })
    const { page, signIn, plan } = await visit(browser, studio.url, test)
    await signIn()
    const opened = page.waitForEvent('websocket')
    await page.goto(await plan(eightDays))
    const socket = await opened
    await socket.waitForEvent('framereceived', ({ payload }) => payload.includes('"change"'))
    expect(new URL(socket.url()).host).toBe(new URL(studio.url).host)
    await page.getByRole('heading', { name: 'Day 8' }).waitFor({ timeout: 45_000 })
  })

  it('goes on while one is offline; the page says so, and is current as soon as one is back', async (test) => {
    const { onTestFinished } = test
    const data = await makeDataDirectory()
    const studio = await startStudio(data)
    onTestFinished(async () => {
      await studio.stop()
      await removeData(data)
    })
    const { context, page, signIn, plan, complaints } = await visit(browser, studio.url, test)
    await signIn()
    await page.goto(await plan(eightDays))
    await untilDay(page, 1)
    await context.setOffline(true)
    await page.getByText('You are offline.').waitFor()
    // The request context of the test is not offline.
    while (!('draw map' in (await stepsOf(page)))) await page.waitForTimeout(50)
    await context.setOffline(false)
    await page.getByRole('heading', { name: 'Day 8' }).waitFor({ timeout: 45_000 })
    await page.getByText('You are offline.').waitFor({ state: 'detached' })
    await page.context().close()
    expectLostConnections(complaints)
  })
})

/** The browser tells of requests that did not get through; nothing else may have gone wrong. */
function expectLostConnections(complaints: string[]): void {
  for (const complaint of complaints.splice(0))
    expect(complaint).toMatch(/net::ERR_|50[234]|WebSocket connection/)
}
