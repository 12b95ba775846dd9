import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestDatabase, type TestDatabase } from '../src/testing/index.js'
import { urlOf } from './database.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const example = `${root}examples/nextjs`

interface Server {
  readonly url: string
  readonly process: ChildProcess
  /** All that it has said. */
  said(): string
}

let database: TestDatabase
let backend: Server
let app: Server
let browser: Browser

beforeAll(async () => {
  const run = promisify(execFile)
  await run(process.execPath, ['scripts/install-example.mjs', 'nextjs'], { cwd: root })
  await run('npm', ['run', 'build'], { cwd: example })
  database = await startTestDatabase()
  backend = await listening('python3', ['backend/server.py'], { PORT: '0' })
  app = await listening('node_modules/.bin/next', ['start', '--port', '0'], {
    DATABASE_URL: urlOf(database.database),
    BACKEND_URL: backend.url,
    NEXT_TELEMETRY_DISABLED: '1',
    NEXT_MANUAL_SIG_HANDLE: 'true',
  })
  browser = await chromium.launch({
    executablePath: process.env['CHROME_PATH'],
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
  })
}, 600_000)

afterAll(async () => {
  await browser?.close()
  app?.process.kill('SIGKILL')
  backend?.process.kill('SIGKILL')
  await database?.stop()
})

/** Resolves when it says where it listens. */
async function listening(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Server> {
  const child = spawn(command, args, { cwd: example, env: { ...process.env, ...env } })
  let text = ''
  const url = await new Promise<string>((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      text += chunk.toString()
      const found = /http:\/\/\S+:\d+/.exec(text)?.[0]
      if (found !== undefined) resolve(found)
    }
    child.stdout.on('data', look)
    child.stderr.on('data', look)
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`${command} ended before it listened: ${text}`)))
  })
  return { url, process: child, said: () => text }
}

interface Visitor {
  readonly page: Page
  readonly complaints: string[]
}

async function signedIn(name: string): Promise<Visitor> {
  const context = await browser.newContext({ baseURL: app.url })
  context.setDefaultTimeout(30_000)
  const complaints: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  context.on('weberror', (error) => complaints.push(String(error.error())))
  const page = await context.newPage()
  await page.goto('/')
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'New chat' }).waitFor()
  return { page, complaints }
}

async function ask(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text)
  await page.keyboard.press('Enter')
}

const answer = (page: Page) => page.locator('.message[data-role=assistant]').last()

/** The job of the answer that is written last. */
async function latestJob(page: Page): Promise<string> {
  const response = await page.request.get('/api/longhaul/jobs?type=chat&limit=1')
  const { jobs } = (await response.json()) as { jobs: { id: string }[] }
  return jobs[0]!.id
}

describe('the example for Next.js', { timeout: 120_000 }, () => {
  it('shows the same answer to the end over a reload in its middle, from a back end in Python', async () => {
    const { page, complaints } = await signedIn('Ada')
    await page.getByRole('link', { name: 'New chat' }).click()
    await ask(page, 'What about 27?')
    await answer(page).getByText('27 → 82').waitFor()
    const id = await latestJob(page)
    await page.reload()
    await answer(page).getByText('→ 4 → 2 → 1').waitFor()
    expect(await answer(page).innerText()).toContain('comes to 1 in 111 steps: 27 → 82 → 41')
    expect(await page.getByText('What about 27?', { exact: true }).count()).toBe(1)
    // One request, with the id of the job: the answer was not asked for again.
    expect(backend.said().match(new RegExp(`request ${id}: \\w+`, 'g'))).toEqual([
      `request ${id}: begun`,
      `request ${id}: answered`,
    ])
    await page.goto('/')
    await page.getByRole('link', { name: 'What about 27?' }).click()
    await answer(page).getByText('→ 4 → 2 → 1').waitFor()
    expect(complaints).toEqual([])
  })

  it('cancels for its owner, down to the back end, and for nobody else', async () => {
    const [ada, grace] = [await signedIn('Ada'), await signedIn('Grace')]
    const { page } = ada
    await page.getByRole('link', { name: 'New chat' }).click()
    await ask(page, 'What about 703?')
    await answer(page).getByText('→').waitFor()
    const id = await latestJob(page)

    expect((await fetch(`${app.url}/api/chat/${id}/cancel`, { method: 'POST' })).status).toBe(401)
    expect((await fetch(`${app.url}/api/chat`, { method: 'POST' })).status).toBe(401)
    expect((await fetch(`${app.url}/api/longhaul/jobs/${id}`)).status).toBe(401)
    for (const path of [`/api/chat/${id}/cancel`, '/api/chat/no-such-job/cancel']) {
      expect((await grace.page.request.post(path)).status(), path).toBe(404)
    }
    expect((await grace.page.request.get(`/api/longhaul/jobs/${id}`)).status()).toBe(404)
    await grace.page.goto(page.url())
    await grace.page.getByRole('textbox', { name: 'Message' }).waitFor()
    expect(await grace.page.locator('.message').allInnerTexts()).toEqual([])

    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('You cancelled this answer.').waitFor()
    await expect.poll(backend.said, { timeout: 20_000 }).toContain(`request ${id}: its caller went`)
    expect((await page.request.post(`/api/chat/${id}/cancel`)).status()).toBe(200)
    await page.reload()
    await page.getByText('You cancelled this answer.').waitFor()
    // What it had written is still there.
    await answer(page).getByText('703 = 19 × 37.').waitFor()
    await page.getByRole('button', { name: 'Ask again' }).click()
    await answer(page).getByText('→').waitFor()
    expect(ada.complaints).toEqual([])
  })

  it('refuses what is no question', async () => {
    const { page } = await signedIn('Ada')
    for (const data of [{}, { request: { chatId: 'x' } }, { request: 7, options: 7 }]) {
      expect((await page.request.post('/api/chat', { data })).status()).toBe(422)
    }
  })

  it('stops when it is told to, and hands its jobs back', async () => {
    app.process.kill('SIGTERM')
    expect(await once(app.process, 'exit')).toEqual([0, null])
  })

  it('has a lockfile that knows what the package needs', async () => {
    const read = async (path: string) => JSON.parse(await readFile(root + path, 'utf8')) as never
    const { dependencies } = await read('packages/longhaul/package.json')
    const lock: { packages: Record<string, object> } = await read(
      'examples/nextjs/package-lock.json',
    )
    expect(
      lock.packages['node_modules/longhaul'],
      'Run "npm install" in examples/nextjs, and commit its lockfile.',
    ).toMatchObject({ dependencies })
  })
})
