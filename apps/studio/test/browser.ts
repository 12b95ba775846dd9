/** A visitor's browser on a running studio, and what the tests of its pages have in common. */
import type { JobStatus } from 'longhaul'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, expect, type TestContext } from 'vitest'
import { demoPassword } from '../src/demo/demo-users.js'
import type { TripRequest } from '../src/trips/request/trip-request.js'
import { makeDataDirectory, removeData, startStudio, type StudioProcess } from './studio-process.js'

export interface Visitor {
  readonly context: BrowserContext
  readonly page: Page
  /** By the API, so that each test need not type it. */
  signIn(email?: string): Promise<void>
  /** @returns the address of the new trip's page */
  plan(request: TripRequest): Promise<string>
  /** What the browser complained about on any page: a test fails that leaves something here. */
  readonly complaints: string[]
}

/** Chromium, closed when the file's tests have run. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROME_PATH']
  if (executablePath === undefined) {
    throw new Error('The browser tests found no Chromium. Install it, or set CHROME_PATH to one.')
  }
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
  })
  afterAll(() => browser.close())
  return browser
}

/** A studio on new data, stopped when the file's tests have run. */
export async function openStudio(
  env: Readonly<Record<string, string>> = {},
): Promise<StudioProcess> {
  const data = await makeDataDirectory()
  const studio = await startStudio(data, env)
  afterAll(async () => {
    await studio.stop()
    await removeData(data)
  })
  return studio
}

/** Somebody new. Waits of 15 s are for busy machines: a page that has not done it by then does not do it. */
export async function visit(
  browser: Browser,
  baseURL: string,
  { onTestFinished }: TestContext,
): Promise<Visitor> {
  const context = await browser.newContext({ baseURL })
  const complaints: string[] = []
  onTestFinished(async () => {
    await context.close()
    expect(complaints).toEqual([])
  })
  context.setDefaultTimeout(15_000)
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`)
  })
  context.on('weberror', (error) => complaints.push(String(error.error())))
  const headers = { origin: baseURL }
  const post = async (path: string, data: object): Promise<unknown> => {
    const response = await context.request.post(path, { data, headers })
    expect(response.ok(), `${path} answered ${response.status()}`).toBe(true)
    return response.json()
  }
  return {
    context,
    page: await context.newPage(),
    complaints,
    async signIn(email = 'ada@acme.example') {
      await post('/api/auth/sign-in/email', { email, password: demoPassword })
    },
    async plan(input) {
      const job = await post('/api/longhaul/jobs', { type: 'ai_trip_generation', input })
      return `/#/trips/${(job as { id: string }).id}`
    },
  }
}

export interface HoldableFrames {
  /** Resolves when the page is followed over a WebSocket. */
  readonly opened: Promise<void>
  /** From now on the page hears nothing of what the server says. */
  hold(): void
  /** It hears all of it, in order. */
  release(): void
}

/** Lets a test see what a page shows between two things that follow each other at once. */
export async function holdableFrames(page: Page): Promise<HoldableFrames> {
  let held: (() => void)[] | undefined
  const opened = new Promise<void>((resolve) => {
    void page.routeWebSocket(/\/ws\?/, (route) => {
      route.connectToServer().onMessage((frame) => {
        resolve()
        const deliver = (): void => route.send(frame)
        if (held === undefined) deliver()
        else held.push(deliver)
      })
    })
  })
  return {
    opened,
    hold: () => (held = []),
    release() {
      for (const deliver of held ?? []) deliver()
      held = undefined
    },
  }
}

export interface HeldAnswer {
  /** Resolves when the server has answered. */
  readonly made: Promise<void>
  /** The page gets the answer. */
  release(): Promise<void>
}

/** Keeps the answer to the page's next request from it, so that a test sees what it does meanwhile. */
export async function holdAnswer(page: Page, url: string): Promise<HeldAnswer> {
  let hold!: (release: () => Promise<void>) => void
  const held = new Promise<() => Promise<void>>((resolve) => {
    hold = resolve
  })
  await page.route(
    url,
    async (route) => {
      const response = await route.fetch()
      hold(() => route.fulfill({ response }))
    },
    { times: 1 },
  )
  return {
    made: held.then(() => undefined),
    release: async () => (await held)(),
  }
}

/** How often each step of the trip ran whose page this is. */
export async function stepsOf(page: Page): Promise<Record<string, number>> {
  const id = /[\w-]+$/.exec(page.url())![0]
  const response = await page.request.get(`/api/longhaul/jobs/${id}?include=steps`)
  const { steps } = (await response.json()) as { steps: { key: string; runs: number }[] }
  return Object.fromEntries(steps.map(({ key, runs }) => [key, runs]))
}

/** Resolves when the trip whose page this is has come to this status. */
export async function untilStatus(page: Page, status: JobStatus): Promise<void> {
  const badge = page.locator(`main .longhaul-badge[data-status=${status}]`)
  await badge.waitFor({ timeout: 30_000 })
}

/** Resolves when the page tells of the work on this day, or on a later one. */
export async function untilDay(page: Page, day: number): Promise<void> {
  await page.waitForFunction(
    (least) => {
      const said = document.querySelector('main .longhaul-progress-stage')?.textContent ?? ''
      return Number(/Day (\d+) of/.exec(said)?.[1]) >= least
    },
    day,
    { timeout: 30_000 },
  )
}
