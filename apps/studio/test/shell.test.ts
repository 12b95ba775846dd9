import type { BrowserContext, Page, Request, WebSocket } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { expectAccessible } from './accessible.js'
import { holdAnswer, openBrowser, openStudio, visit } from './browser.js'

const [browser, studio] = await Promise.all([openBrowser(), openStudio()])

const lisbon = { destination: 'Lisbon', dates: { duration: 1 } }
const phone = { width: 390, height: 844 }

/** The streams of events and WebSockets of a browser's pages: those that are open, and all that ever began. */
function liveConnections(context: BrowserContext): {
  readonly open: ReadonlySet<Request | WebSocket>
  readonly begun: string[]
  lookAt(tab: Page): void
} {
  const open = new Set<Request | WebSocket>()
  const begun: string[] = []
  function begins(connection: Request | WebSocket): void {
    open.add(connection)
    begun.push(connection.url())
  }
  context.on('request', (request) => {
    if (request.headers()['accept']?.includes('text/event-stream')) begins(request)
  })
  context.on('requestfinished', (request) => open.delete(request))
  context.on('requestfailed', (request) => open.delete(request))
  return {
    open,
    begun,
    lookAt: (tab) =>
      void tab.on('websocket', (socket) => {
        begins(socket)
        socket.on('close', () => open.delete(socket))
      }),
  }
}

describe.concurrent('the studio', { timeout: 60_000 }, () => {
  it('makes an account with an organisation of its own, or says why not', async (test) => {
    const { page, complaints } = await visit(browser, studio.url, test)
    await page.goto('/')
    await page.getByRole('link', { name: 'Make an account' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Eve')
    await page.getByLabel('Email').fill('ada@acme.example')
    await page.getByLabel('Password').fill('long enough')
    await page.getByLabel('Organisation').fill('Eve and daughters')
    await page.getByRole('button', { name: 'Make an account' }).click()
    await page.getByText('There is an account with this email already.').waitFor()
    // The browser itself tells of the refusal.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('422')])
    await expectAccessible(page)
    await page.getByLabel('Email').fill('eve@example.com')
    await page.getByRole('button', { name: 'Make an account' }).click()
    await page.getByRole('heading', { name: 'Where to?' }).waitFor()
    await page.getByRole('button', { name: 'Eve at Eve and daughters' }).waitFor()
  })

  it('shows nothing of one organisation in another, in any tab', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    const trip = await ada.plan(lisbon)
    const other = await ada.context.newPage()
    await Promise.all([page.goto(trip), other.goto('/#/trips')])
    await other.locator('.trip-row', { hasText: 'Lisbon' }).waitFor()
    await page.getByRole('button', { name: 'Ada at Acme' }).click()
    await page.getByRole('button', { name: 'Initech' }).click()
    await page.getByRole('heading', { name: 'Where to?' }).waitFor()
    for (const tab of [page, other]) {
      await tab.getByRole('button', { name: 'Ada at Initech' }).waitFor()
      await tab.getByText('No trips yet.').waitFor({ state: 'attached' })
      expect(await tab.getByText('Lisbon').count()).toBe(0)
    }
    await page.goto(trip)
    await page.getByRole('heading', { name: 'There is no such trip' }).waitFor()
  })

  it('goes by what it asked last, whichever answer comes last, to say who is signed in', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    const other = await ada.context.newPage()
    await other.goto('/')
    const atAcme = await holdAnswer(page, '**/api/me')
    await page.goto('/')
    await atAcme.made
    await other.getByRole('button', { name: 'Ada at Acme' }).click()
    await other.getByRole('button', { name: 'Initech' }).click()
    const atInitech = page.getByRole('button', { name: 'Ada at Initech' })
    await atInitech.waitFor()
    await atAcme.release()
    // What it gets after the late answer, it gets when that has been dealt with.
    await page.evaluate(async () => (await fetch('/api/me')).json())
    expect(await atInitech.count()).toBe(1)
  })

  it('says where one has come: the heading has the focus, and the tab its title', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/')
    await page.getByRole('heading', { name: 'Where to?' }).waitFor()
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Skip to the content')
    for (const name of ['Jobs', 'Trips']) {
      await page.getByRole('navigation', { name: 'Studio' }).getByText(name).click()
      await page.getByRole('heading', { name, level: 1 }).waitFor()
      expect(await focused()).toBe(name)
      expect(await page.title()).toBe(`${name} · Longhaul Studio`)
    }
    await page.goto('/#/nowhere')
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
    await expectAccessible(page)

    function focused(): Promise<string | null | undefined> {
      return page.evaluate(() => document.activeElement?.textContent)
    }
  })

  it('has a page for the trips on a phone', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await page.setViewportSize(phone)
    await ada.signIn()
    await ada.plan({ ...lisbon, destination: 'Porto' })
    await page.goto('/')
    await page.getByRole('heading', { name: 'Where to?' }).waitFor()
    expect(await page.locator('.trip-row').first().isVisible()).toBe(false)
    await page.getByRole('navigation', { name: 'Studio' }).getByText('Trips').click()
    await page.locator('.trip-row', { hasText: 'Porto' }).click()
    await page.getByRole('heading', { name: 'Porto', level: 1 }).waitFor()
    await page.getByRole('link', { name: 'All trips' }).click()
    await page.getByRole('heading', { name: 'Trips', level: 1 }).waitFor()
    await expectAccessible(page)
  })

  it('keeps a name and a theme', async (test) => {
    const { page, signIn } = await visit(browser, studio.url, test)
    await signIn('grace@globex.example')
    await page.emulateMedia({ colorScheme: 'light' })
    await page.goto('/#/profile')
    await page.getByLabel('Name').fill('Grace Hopper')
    await page.getByRole('button', { name: 'Save the name' }).click()
    await page.getByRole('button', { name: 'Grace Hopper at Globex' }).waitFor()
    const ground = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
    const light = await ground()
    await page.getByRole('radio', { name: 'Dark' }).check()
    const dark = await ground()
    expect(dark).not.toBe(light)
    await page.reload()
    await page.getByRole('button', { name: 'Grace Hopper at Globex' }).click()
    expect(await ground()).toBe(dark)
    await expectAccessible(page)
  })
})

describe.concurrent('leaving', { timeout: 90_000 }, () => {
  it('deletes the account of who types its email, and signs out', async (test) => {
    const { page } = await visit(browser, studio.url, test)
    await page.goto('/')
    await page.getByRole('link', { name: 'Make an account' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Mallory')
    await page.getByLabel('Email').fill('mallory@example.com')
    await page.getByLabel('Password').fill('long enough')
    await page.getByLabel('Organisation').fill('Mallory and nobody')
    await page.getByRole('button', { name: 'Make an account' }).click()
    await page.getByRole('button', { name: 'Mallory at Mallory and nobody' }).waitFor()
    await page.goto('/#/profile')
    const button = page.getByRole('button', { name: 'Delete my account' })
    await button.waitFor()
    expect(await button.isEnabled()).toBe(false)
    await page.getByLabel('Your email, to confirm').fill('mallory@example.com')
    await expectAccessible(page)
    await button.click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
  })
})

describe.concurrent('updates', { timeout: 90_000 }, () => {
  it('are asked for and not sent when one has chosen so, in every tab, and sent again afterwards', async (test) => {
    const grace = await visit(browser, studio.url, test)
    const { page } = grace
    const live = liveConnections(grace.context)
    live.lookAt(page)
    await grace.signIn('grace@globex.example')
    await page.goto('/#/profile')
    const other = await grace.context.newPage()
    live.lookAt(other)
    await other.goto('/#/jobs')
    await other.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor()
    // One tab watches for all of them.
    const asked = grace.context.waitForEvent('request', (request) => {
      const { accept } = request.headers()
      return accept === 'application/json' && request.url().endsWith('/watch')
    })
    await page.getByRole('radio', { name: 'Every few seconds' }).check()
    await asked
    // What was live before lingers for a moment.
    await test.expect.poll(() => [...live.open].map((connection) => connection.url())).toEqual([])
    live.begun.length = 0
    await other.goto(await grace.plan({ destination: 'Lisbon', dates: { duration: 2 } }))
    await other.getByRole('heading', { name: 'Day 2' }).waitFor({ timeout: 45_000 })
    expect(live.begun).toEqual([])
    await expectAccessible(page)

    const opened = Promise.any([page, other].map((tab) => tab.waitForEvent('websocket')))
    await page.getByRole('radio', { name: 'Live' }).check()
    await opened
  })
})

describe.concurrent('the jobs page', { timeout: 60_000 }, () => {
  it('shows all jobs, cancels and retries many, and leads to each', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    for (const destination of ['Kyoto', 'Osaka']) {
      await ada.plan({ destination, dates: { duration: 14 } })
    }
    await page.goto('/#/jobs')
    for (const action of ['Cancel 2', 'Retry 2', 'Cancel 2']) {
      for (const name of ['Kyoto', 'Osaka']) {
        await page.getByRole('checkbox', { name: `Select Trip to ${name}` }).check()
      }
      await page.getByRole('button', { name: action }).click()
      await page.getByText(/^2 (cancelled|started again)\.$/).waitFor()
      for (const name of ['Kyoto', 'Osaka']) {
        const row = page.locator('.longhaul-list-row', { hasText: name })
        const verb = action.startsWith('Cancel') ? 'Retry' : 'Cancel'
        await row.getByRole('button', { name: verb }).waitFor()
      }
    }
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Trip to Kyoto' }).click()
    await page.getByRole('heading', { name: 'Requests to cancel' }).waitFor()
    await page.getByText('find destination').waitFor()
    expect(await page.getByText('By its owner').count()).toBe(2)
    await expectAccessible(page)
  })
})
