// `npm run screenshots -w apps/studio`: takes docs/screenshots anew, of the studio as it was built, on new data.
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { ensureChromium } from '../../../scripts/chromium.mjs'
import { demoPassword } from '../dist/demo/demo-users.js'
import { startStudio } from '../dist/server/start-studio.js'

const target = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url))
const screens = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
}
const edinburgh = {
  destination: 'Edinburgh',
  dates: { start: '2027-06-12', end: '2027-06-17' },
  preferences: { interests: ['coast', 'towns'] },
}

const dataDirectory = await mkdtemp(join(tmpdir(), 'longhaul-screenshots-'))
await chmod(dataDirectory, 0o755)
await mkdir(target, { recursive: true })
const studio = await startStudio({
  port: 0,
  dataDirectory,
  database: undefined,
})
const browser = await chromium.launch({
  executablePath: ensureChromium(),
  args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
})
try {
  const made = await makeTrips()
  for (const screen of Object.keys(screens)) {
    for (const colorScheme of ['light', 'dark']) await takeAll(screen, colorScheme, made)
  }
} finally {
  await browser.close()
  await studio.stop()
  await rm(dataDirectory, { recursive: true, force: true })
}

async function visitor(options = {}) {
  const context = await browser.newContext({
    baseURL: studio.url,
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    ...options,
  })
  const post = async (path, data) => {
    const response = await context.request.post(path, { data, headers: { origin: studio.url } })
    if (!response.ok()) throw new Error(`${path} answered ${response.status()}`)
    return response.json()
  }
  const signIn = () =>
    post('/api/auth/sign-in/email', { email: 'ada@acme.example', password: demoPassword })
  const plan = async (input) =>
    (await post('/api/longhaul/jobs', { type: 'ai_trip_generation', input })).id
  const until = async (id, status, section = 'trips') => {
    const page = await context.newPage()
    await page.goto(`/#/${section}/${id}`)
    await page.locator(`.longhaul-badge[data-status=${status}]`).waitFor()
    await page.close()
  }
  return { context, post, signIn, plan, until }
}

/** What a traveller's list looks like after a while. */
async function makeTrips() {
  const { context, post, signIn, plan, until } = await visitor()
  await signIn()
  const cancelled = await plan({ destination: 'Kyoto', dates: { duration: 5 } })
  await post(`/api/longhaul/jobs/${cancelled}/cancel`, { reason: 'plans changed' })
  const prague = await plan({ destination: 'Prague', dates: { duration: 2 } })
  const failed = await plan({ destination: 'Lisbno', dates: { duration: 4 } })
  const completed = await plan({
    destination: 'Lisbon',
    dates: { start: '2027-05-30', end: '2027-06-02' },
    preferences: { interests: ['coast'] },
  })
  await until(failed, 'failed')
  await until(prague, 'completed')
  await until(completed, 'completed')
  const island = await plan({
    destination: 'Palermo',
    dates: { duration: 7 },
    preferences: { style: 'active' },
  })
  await until(island, 'completed')
  const search = await post('/api/longhaul/jobs', {
    type: 'ai_optimization',
    input: { tripId: island, name: 'Palermo', seconds: 5 },
    tags: [`trip-${island}`],
  })
  await until(search.id, 'waiting', 'optimise')
  const question = await post('/api/longhaul/jobs', {
    type: 'ai_research',
    input: { question: 'What did customers say about the price?' },
  })
  await until(question.id, 'completed', 'research')
  await fillDesk(context, post)
  await talk(context)
  await askAgents(context)
  await context.close()
  return {
    trips: { completed, failed, cancelled },
    search: search.id,
    question: question.id,
  }
}

async function fillDesk(context, post) {
  const soon = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)
  const tasks = [
    { title: 'Tidy the shared drive', dueOn: null, minutes: null },
    { title: 'Call the hotel about the noise', dueOn: null, minutes: 10 },
    { title: 'Slides for the offsite', dueOn: soon, minutes: 90 },
  ]
  for (const task of tasks) await post('/api/tasks', task)
  await post('/api/ai/proxy', { input: 'Put my tasks in order' })
  const wish = 'I want to walk 300 km by June because I sit too much'
  await post('/api/ai/proxy', { input: wish })
  const page = await context.newPage()
  await page.goto('/#/goals')
  await page.getByText('2 requests').waitFor()
  await page.close()
}

/** A conversation that waits for its traveller. */
async function talk(context) {
  const page = await context.newPage()
  await page.goto('/#/chat')
  const message = page.getByRole('textbox', { name: 'Message' })
  for (const [text, state] of [
    ['Five towns near Lisbon by the sea', 'done'],
    ['Plan a trip to Porto for 3 days', 'waiting'],
  ]) {
    await message.fill(text)
    await message.press('Enter')
    await page.locator('.chat-question', { hasText: text }).waitFor()
    await page.locator(`.chat-turn:last-child .chat-answer[data-state=${state}]`).waitFor()
  }
  await page.close()
}

/** A contact for whom two agents have worked. */
async function askAgents(context) {
  const page = await context.newPage()
  await page.goto('/#/contacts')
  await page.locator('.contact-card', { hasText: 'Jonas Weber' }).click()
  const drafts = page.locator('.contact-draft')
  for (const [n, task] of ['Find a slot', 'Draft a follow-up'].entries()) {
    await page.getByRole('button', { name: task, exact: true }).click()
    await drafts.nth(n).waitFor()
  }
  await page.close()
}

async function takeAll(screen, colorScheme, { trips, search, question }) {
  const { context, post, signIn, plan } = await visitor({ ...screens[screen], colorScheme })
  const page = await context.newPage()
  const take = (name) =>
    page.screenshot({ path: join(target, `${name}-${screen}-${colorScheme}.png`) })

  await page.goto('/')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await take('sign-in')
  await signIn()
  await page.reload()
  await page.locator('.trip-row').first().waitFor({ state: 'attached' })
  await take('new')
  await page.goto('/#/trips')
  await page.locator('.trips .trip-row').first().waitFor()
  await take('trips')
  await page.goto('/#/jobs')
  await page.locator('.longhaul-list-row').first().waitFor()
  await take('jobs')
  await page.goto('/#/profile')
  await page.getByRole('heading', { name: 'Profile' }).waitFor()
  await take('profile')
  await page.goto('/#/chat')
  await page.locator('.chat-list-item').first().click()
  await page.getByRole('button', { name: 'Plan it' }).waitFor()
  await take('chat')
  await page.goto(`/#/optimise/${search}`)
  await page.getByRole('region', { name: 'After' }).getByText('less').first().waitFor()
  await take('optimise')
  await page.goto('/#/research')
  await page.locator('.longhaul-list-row').first().waitFor()
  await take('research')
  await page.goto(`/#/research/${question}`)
  await page.getByRole('region', { name: 'Answer' }).waitFor()
  await take('answer')
  await page.goto('/#/notes')
  await page.locator('.note-row').first().waitFor()
  await take('notes')
  await page.goto('/#/goals')
  await page.locator('.goal').first().waitFor()
  await page.locator('.task').first().waitFor()
  await take('goals')
  await page.goto('/#/contacts')
  await page.locator('.connection-state[data-connection=connected]').waitFor()
  await page.locator('.contact-drafts').waitFor()
  await take('contacts')
  await page.locator('.contact-card', { hasText: 'Jonas Weber' }).click()
  await page.locator('.contact-draft').first().waitFor()
  await page.locator('.contact-tasks').waitFor()
  await take('contact')
  for (const [name, id] of Object.entries(trips)) {
    await page.goto(`/#/trips/${id}`)
    await page.locator(`.longhaul-badge[data-status=${name}]`).waitFor()
    await page.locator('.trip-row').first().waitFor({ state: 'attached' })
    await take(name)
  }
  const running = await plan(edinburgh)
  await page.goto(`/#/trips/${running}`)
  await page.getByText('Day 4 of 6: finding the best route').waitFor()
  await take('running')
  await post(`/api/longhaul/jobs/${running}/cancel`, {})
  await page.locator('.longhaul-badge[data-status=cancelled]').waitFor()
  await page.request.delete(`/api/longhaul/jobs/${running}`, { headers: { origin: studio.url } })
  await context.close()
}
