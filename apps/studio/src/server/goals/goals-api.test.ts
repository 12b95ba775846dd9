import pg from 'pg'
import { startTestDatabase, type TestDatabase } from 'longhaul/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { demoPassword } from '../../demo/demo-users.js'
import { requestsPerMonth } from '../../goals/requests-per-month.js'
import { startStudio, type Studio } from '../start-studio.js'

let database: TestDatabase
let studio: Studio
let pool: pg.Pool
beforeAll(async () => {
  database = await startTestDatabase()
  studio = await startStudio({ port: 0, dataDirectory: 'unused', database: database.database })
  pool = new pg.Pool(database.database)
})
afterAll(async () => {
  await pool.end()
  await studio.stop()
  await database.stop()
})

function post(path: string, headers: Readonly<Record<string, string>>, body: object) {
  return fetch(studio.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

async function signIn(email: string): Promise<Record<string, string>> {
  const response = await post('/api/auth/sign-in/email', {}, { email, password: demoPassword })
  return { authorization: `Bearer ${response.headers.get('set-auth-token')}` }
}

it('takes so many requests of a person in a month, and says when there are more', async () => {
  const [ada, grace] = [await signIn('ada@acme.example'), await signIn('grace@globex.example')]
  const wish = { input: 'Learn Spanish' }
  expect((await post('/api/ai/proxy', ada, wish)).status).toBe(202)
  // It counts from the moment in which it is asked for, whatever becomes of it.
  const one = await pool.query('select tenant_id, user_id from studio.ai_requests')
  expect(one.rows).toHaveLength(1)
  await pool.query(
    `insert into studio.ai_requests (tenant_id, user_id, job_id, tokens)
     select tenant_id, user_id, gen_random_uuid(), 0 from studio.ai_requests, generate_series(2, $1)`,
    [requestsPerMonth],
  )
  const refused = await post('/api/ai/proxy', ada, wish)
  expect(refused.status).toBe(429)
  const seconds = Number(refused.headers.get('retry-after'))
  expect(seconds).toBeGreaterThan(0)
  expect(seconds).toBeLessThanOrEqual(31 * 86_400)
  expect(await refused.json()).toEqual({
    message: expect.stringMatching(/100 requests .* on 1 \w+/),
  })
  expect((await post('/api/ai/proxy', grace, wish)).status).toBe(202)
}, 60_000)
