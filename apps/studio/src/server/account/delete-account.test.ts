import pg from 'pg'
import { startTestDatabase, type TestDatabase } from 'longhaul/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tablesWith } from '../../../test/tables-with.js'
import { startStudio, type Studio } from '../start-studio.js'

let database: TestDatabase
let studio: Studio
let pool: pg.Pool
beforeAll(async () => {
  database = await startTestDatabase()
  studio = await startStudio({
    port: 0,
    dataDirectory: 'unused',
    database: database.database,
    searchMs: 20,
  })
  pool = new pg.Pool(database.database)
})
afterAll(async () => {
  await pool.end()
  await studio.stop()
  await database.stop()
})

type Headers_ = Readonly<Record<string, string>>

async function ask(path: string, headers: Headers_, body?: unknown): Promise<Response> {
  return fetch(studio.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

async function signUp(name: string, organisation?: string) {
  const account = { name, email: `${name.toLowerCase()}@example.com`, password: 'longhaul-demo' }
  const response = await ask('/api/auth/sign-up/email', {}, account)
  const headers = { authorization: `Bearer ${response.headers.get('set-auth-token')}` }
  const { user } = (await response.json()) as { user: { id: string } }
  if (organisation !== undefined) {
    const made = { name: organisation, slug: organisation.toLowerCase() }
    expect((await ask('/api/auth/organization/create', headers, made)).status).toBe(200)
  }
  return { headers, account, userId: user.id }
}

const trip = {
  type: 'ai_trip_generation',
  input: { destination: 'Lisbon', dates: { duration: 1 } },
}

describe('deleting an account', () => {
  it('leaves nothing of it in any table, nor of the organisation in which nobody else was', async () => {
    const { headers, account, userId } = await signUp('Mallory', 'Evilcorp')
    const { organisation } = (await (await ask('/api/me', headers)).json()) as {
      organisation: { id: string }
    }
    expect((await ask('/api/longhaul/jobs', headers, trip)).status).toBe(201)
    const wish = { input: 'Run 10 km by June' }
    expect((await ask('/api/ai/proxy', headers, wish)).status).toBe(202)
    await ask('/api/tasks', headers, { title: 'mine', dueOn: null, minutes: null })
    await ask('/api/notes', headers, { title: 'Mine', body: 'of Mallory' })
    const attachment = `${studio.url}/api/chat/attachments/${crypto.randomUUID()}?name=unsent.txt`
    const attached = await fetch(attachment, {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'application/octet-stream' },
      body: 'of Mallory',
    })
    expect(attached.status).toBe(201)
    expect(await tablesWith(pool, userId)).toContain('longhaul.jobs')

    const wrong = { email: 'somebody@example.com' }
    expect((await ask('/api/account/delete', headers, wrong)).status).toBe(422)
    let answer = await ask('/api/account/delete', headers, { email: account.email })
    // A trip whose route is being searched for on a busy machine may take longer than one call waits.
    while (answer.status === 409)
      answer = await ask('/api/account/delete', headers, { email: account.email })
    expect(answer.status).toBe(204)

    expect(await (await ask('/api/me', headers)).json()).toMatchObject({ user: null })
    expect((await ask('/api/auth/sign-in/email', {}, account)).status).toBe(401)
    for (const text of [userId, account.email]) expect(await tablesWith(pool, text)).toEqual([])
    // A worker keeps the tenant of its last claims until it claims again.
    const places = await tablesWith(pool, organisation.id)
    expect(places.filter((name) => name !== 'longhaul.claims')).toEqual([])
  }, 120_000)

  it('leaves the organisation to those who are still there', async () => {
    const [zoe, yan] = [await signUp('Zoe', 'Sharedcorp'), await signUp('Yan')]
    const { organisation } = (await (await ask('/api/me', zoe.headers)).json()) as {
      organisation: { id: string }
    }
    await pool.query(
      `insert into auth.member (id, "organizationId", "userId", role, "createdAt") values ('m-yan', $1, $2, 'member', now())`,
      [organisation.id, yan.userId],
    )
    await ask('/api/tasks', zoe.headers, { title: 'of Zoe', dueOn: null, minutes: null })
    await ask('/api/notes', zoe.headers, { title: 'Shared', body: 'for all' })
    const gone = await ask('/api/account/delete', zoe.headers, { email: zoe.account.email })
    expect(gone.status).toBe(204)
    expect(await tablesWith(pool, zoe.userId)).toEqual([])
    expect(await (await ask('/api/me', yan.headers)).json()).toMatchObject({
      organisation: { name: 'Sharedcorp' },
    })
    expect(await (await ask('/api/notes', yan.headers)).json()).toMatchObject([
      { title: 'Shared', author: 'Somebody who has left' },
    ])
  }, 60_000)

  it('is for whoever is signed in', async () => {
    expect((await ask('/api/account/delete', {}, { email: 'ada@acme.example' })).status).toBe(401)
  })
})
