import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Job } from 'longhaul'
import { startTestDatabase, type TestDatabase } from 'longhaul/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openProvider, wrongKey } from '../../../test/provider.js'
import { tablesWith } from '../../../test/tables-with.js'
import { demoPassword } from '../../demo/demo-users.js'
import { startStudio, type Studio } from '../start-studio.js'

const provider = await openProvider({
  title: 'Speak Spanish with neighbours',
  specific: 'A talk of ten minutes.',
  measurable: 'One talk a week.',
  achievable: 'An hour a day.',
  relevant: 'It is open why.',
})
const model = 'goal-writer-1'
const key = 'sk-of-ada-and-nobody-else'
let database: TestDatabase
let studio: Studio
let pool: pg.Pool
let ada: Readonly<Record<string, string>>

async function start(options: Partial<Parameters<typeof startStudio>[0]>): Promise<Studio> {
  return startStudio({
    port: 0,
    dataDirectory: 'unused',
    database: database.database,
    ...options,
  })
}

beforeAll(async () => {
  database = await startTestDatabase()
  const secretKey = randomBytes(32).toString('base64')
  studio = await start({ provider: { url: provider.url, model, secretKey } })
  pool = new pg.Pool(database.database)
  ada = await signIn()
})
afterAll(async () => {
  await pool.end()
  await studio.stop()
  await database.stop()
})

function post(path: string, body: object, { url } = studio): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...ada },
    body: JSON.stringify(body),
  })
}

async function signIn(): Promise<Record<string, string>> {
  const account = { email: 'ada@acme.example', password: demoPassword }
  const { headers } = await post('/api/auth/sign-in/email', account)
  return { authorization: `Bearer ${headers.get('set-auth-token')}` }
}

async function read(path: string): Promise<string> {
  return (await fetch(studio.url + path, { headers: ada })).text()
}

async function wish(userProvidedKey: string): Promise<string> {
  const body = { input: 'Learn Spanish by May', user_provided_key: userProvidedKey }
  const answer = await post('/api/ai/proxy', body)
  expect(answer.status).toBe(202)
  return ((await answer.json()) as { job_id: string }).job_id
}

/** All that is said of the job until it has settled. */
async function framesOf(jobId: string): Promise<string> {
  const watch = await fetch(`${studio.url}/api/longhaul/watch?job=${jobId}`, { headers: ada })
  let frames = ''
  for await (const bytes of watch.body as unknown as AsyncIterable<Uint8Array>) {
    frames += Buffer.from(bytes).toString()
    if (/"status":"(?:completed|failed)"/.test(frames)) break
  }
  return frames
}

/** Also as bytes in hex, as Postgres shows them. */
async function tablesWithKey(text: string): Promise<string[]> {
  const hex = Buffer.from(text).toString('hex')
  return [...(await tablesWith(pool, text)), ...(await tablesWith(pool, hex))]
}

async function countSecrets(): Promise<number> {
  return (await pool.query('select from longhaul.secrets')).rowCount!
}

describe('a key of one’s own', { timeout: 60_000 }, () => {
  it('is used with the provider, lies sealed while the job lasts, and is nowhere else or later', async () => {
    provider.hold()
    const jobId = await wish(key)
    await expect.poll(() => provider.keys, { timeout: 20_000 }).toEqual([key])
    expect(await countSecrets()).toBe(1)
    expect(await tablesWithKey(key)).toEqual([])
    const running = framesOf(jobId)
    provider.release()
    const frames = await running
    const job = await read(`/api/longhaul/jobs/${jobId}?include=steps,cancellations`)
    expect(frames + job + (await read('/api/longhaul/jobs'))).not.toContain(key)
    expect(JSON.parse(job)).toMatchObject({
      status: 'completed',
      input: { input: 'Learn Spanish by May' },
      result: { usage: { requests: 1, tokens: 42 } },
    })
    expect(await countSecrets()).toBe(0)
    expect(await tablesWithKey(key)).toEqual([])
    const [goal] = JSON.parse(await read('/api/goals')) as Record<string, string>[]
    expect(goal).toMatchObject({ title: 'Speak Spanish with neighbours', model })
    expect(goal!['timeBound']).toContain('May')
  })

  it('that the provider refuses fails the request in words that repeat nothing of it', async () => {
    const jobId = await wish(wrongKey)
    const frames = await framesOf(jobId)
    const job = JSON.parse(await read(`/api/longhaul/jobs/${jobId}`)) as Job
    expect(job.error).toMatchObject({ code: 'key_refused' })
    expect(frames + JSON.stringify(job)).not.toContain(wrongKey)
    expect(await tablesWithKey(wrongKey)).toEqual([])
    expect(await countSecrets()).toBe(0)
    const again = await post(`/api/longhaul/jobs/${jobId}/retry`, {})
    expect(await again.json()).toMatchObject({ code: 'secret_required' })
  })

  it.each(['short', 'with a space in it', 'x'.repeat(401)])(
    'that cannot be one is refused: %s',
    async (text) => {
      const body = { input: 'Learn Spanish', user_provided_key: text }
      expect((await post('/api/ai/proxy', body)).status).toBe(422)
    },
  )

  it('is refused in plain words where there is no provider', async () => {
    const another = await start({})
    try {
      const body = { input: 'Learn Spanish', user_provided_key: key }
      const refused = await post('/api/ai/proxy', body, another)
      expect(refused.status).toBe(422)
      expect(await refused.json()).toMatchObject({
        message: expect.stringContaining('knows no provider'),
      })
      expect(await tablesWithKey(key)).toEqual([])
    } finally {
      await another.stop()
    }
  })
})
