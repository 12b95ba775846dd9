/** The tabs of one browser, which share one connection. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { openBrowser, openStudio, visit, type Visitor } from './browser.js'

const browser = await openBrowser()
const studio = await openStudio()
const trip = { destination: 'Lisbon', dates: { duration: 3 } }

interface Tabs {
  readonly pages: readonly Page[]
  /** The ones that have asked the server for news of jobs, the latest last. */
  asking(): Page[]
  /** Plans a trip by the API. Resolves when all of these tabs show it. */
  untilNewTripIn(pages: readonly Page[]): Promise<void>
}

/** Tabs with the list of trips, opened one after the other. */
async function openTabs(
  { context, page, plan, signIn }: Visitor,
  count: number,
  email?: string,
): Promise<Tabs> {
  const asking = new Set<Page>()
  context.on('request', (request) => {
    if (!/\/api\/longhaul\/watch/.test(request.url())) return
    // The one that asked last is the last of them.
    asking.delete(request.frame().page())
    asking.add(request.frame().page())
  })
  await signIn(email)
  const pages = [page]
  while (pages.length < count) pages.push(await context.newPage())
  for (const each of pages) {
    await each.goto('/#/trips')
    await each.waitForFunction(isListed)
  }
  let trips = await page.evaluate(tripsListed)
  async function untilNewTripIn(shown: readonly Page[]): Promise<void> {
    await plan(trip)
    trips += 1
    await Promise.all(
      shown.map((each) => each.waitForFunction(hasTrips, trips, { timeout: 30_000 })),
    )
  }
  return { pages, asking: () => [...asking], untilNewTripIn }
}

function tripsListed(): number {
  return document.querySelectorAll('.trip-list > li:not(.bone)').length
}

function hasTrips(count: number): boolean {
  return document.querySelectorAll('.trip-list > li:not(.bone)').length === count
}

/** Also when there are none. */
function isListed(): boolean {
  return document.querySelector('.trip-list > li:not(.bone), main .empty') !== null
}

/** What cannot answer any more, though its process lives. */
function hangFor(ms: number): void {
  const until = Date.now() + ms
  while (Date.now() < until);
}

describe('the tabs of one browser', { timeout: 180_000 }, () => {
  it('G-50: are ten on one connection, though HTTP/1.1 has six of them, and all can be used', async (test) => {
    const visitor = await visit(browser, studio.url, test)
    // Then every live connection is one of the six.
    await visitor.context.routeWebSocket(/\/ws\?/, (route) => route.close())
    const { pages, asking, untilNewTripIn } = await openTabs(visitor, 10)
    await untilNewTripIn(pages)
    expect(asking()).toEqual([pages[0]])
    for (const page of pages) {
      const answered = page.evaluate(() => fetch('/api/longhaul/jobs?limit=1').then(({ ok }) => ok))
      expect(await answered).toBe(true)
    }
    await pages[9]!.locator('.trip-list a').first().click()
    await pages[9]!.getByRole('heading', { name: 'Day 3' }).waitFor({ timeout: 45_000 })
    visitor.complaints.splice(0)
  })

  it('F33, G-51, G-52: hand the connection on when the one that has it is closed, frozen, hangs or crashes', async (test) => {
    const visitor = await visit(browser, studio.url, test)
    const { pages, asking, untilNewTripIn } = await openTabs(visitor, 5, 'grace@globex.example')
    const alive = [...pages]
    async function without(end: (leader: Page) => Promise<unknown>): Promise<void> {
      const leader = asking().at(-1)!
      alive.splice(alive.indexOf(leader), 1)
      await end(leader)
      await untilNewTripIn(alive)
      expect(alive).toContain(asking().at(-1))
    }
    await untilNewTripIn(alive)
    await without((leader) => leader.close())
    // A visible page is never frozen, so it is told what the browser tells before.
    await without((leader) => leader.evaluate(() => document.dispatchEvent(new Event('freeze'))))
    await without(async (leader) => void leader.evaluate(hangFor, 20_000).catch(String))
    await without(async (leader) => {
      const devTools = await visitor.context.newCDPSession(leader)
      devTools.send('Page.crash').catch(String)
      await leader.waitForEvent('crash')
    })
  })

  it('are all signed out when one of them is', async (test) => {
    const visitor = await visit(browser, studio.url, test)
    const { pages } = await openTabs(visitor, 3)
    await pages[2]!.goto('/#/profile')
    await pages[2]!.getByRole('button', { name: 'Sign out' }).click()
    for (const page of pages)
      await page.getByRole('heading', { name: 'Sign in' }).waitFor({ timeout: 45_000 })
    visitor.complaints.splice(0)
  })
})
