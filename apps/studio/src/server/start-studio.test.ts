import { startTestDatabase, type TestDatabase } from 'longhaul/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoPassword } from '../demo/demo-users.js'
import { startStudio, type Studio } from './start-studio.js'

let database: TestDatabase
let studio: Studio
beforeAll(async () => {
  const { database: connection } = (database = await startTestDatabase())
  studio = await startStudio({
    port: 0,
    dataDirectory: 'unused',
    database: connection,
    searchMs: 20,
  })
})
afterAll(async () => {
  await studio.stop()
  await database.stop()
})

function post(
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(studio.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

/** As a plain HTTP client signs in: the answer's token goes into a header. */
async function signIn(email: string): Promise<Record<string, string>> {
  const response = await post('/api/auth/sign-in/email', { email, password: demoPassword })
  expect(response.status).toBe(200)
  return { authorization: `Bearer ${response.headers.get('set-auth-token')}` }
}

const request = {
  type: 'ai_trip_generation',
  input: { destination: 'Lisbon', dates: { duration: 1 } },
}

interface Me {
  readonly organisation: { readonly id: string; readonly name: string }
  readonly organisations: readonly { readonly id: string; readonly name: string }[]
}

describe('the studio over HTTP', () => {
  it('says who is signed in, in which organisation; nobody is an answer too', async () => {
    const me = async (headers = {}) => (await fetch(`${studio.url}/api/me`, { headers })).json()
    expect(await me()).toEqual({ user: null, organisation: null, organisations: [] })
    expect(await me(await signIn('ada@acme.example'))).toMatchObject({
      user: { email: 'ada@acme.example', name: 'Ada' },
      organisation: { name: 'Acme' },
      organisations: [{ name: 'Acme' }, { name: 'Initech' }],
    })
  })

  it('refuses a wrong password', async () => {
    const wrong = { email: 'ada@acme.example', password: 'longhaul-wrong' }
    expect((await post('/api/auth/sign-in/email', wrong)).status).toBe(401)
  })

  it('lets nobody do anything before they belong to an organisation', async () => {
    const eve = { email: 'eve@example.com', password: 'longhaul-demo', name: 'Eve' }
    const signedUp = await post('/api/auth/sign-up/email', eve)
    const headers = { authorization: `Bearer ${signedUp.headers.get('set-auth-token')}` }
    expect((await post('/api/longhaul/jobs', request, headers)).status).toBe(401)
    const organisation = { name: 'Eve & Co', slug: 'eve' }
    const made = await post('/api/auth/organization/create', organisation, headers)
    expect(made.status).toBe(200)
    expect((await post('/api/longhaul/jobs', request, headers)).status).toBe(201)
  })

  it('shows only what belongs to the organisation that is active, and lets nobody into others', async () => {
    const [ada, grace] = [await signIn('ada@acme.example'), await signIn('grace@globex.example')]
    const me = async (headers: Record<string, string>) =>
      (await (await fetch(`${studio.url}/api/me`, { headers })).json()) as Me
    const switchTo = async (organizationId: string) =>
      (await post('/api/auth/organization/set-active', { organizationId }, ada)).status
    const created = await post('/api/longhaul/jobs', request, ada)
    const { id } = (await created.json()) as { id: string }
    const status = async () =>
      (await fetch(`${studio.url}/api/longhaul/jobs/${id}`, { headers: ada })).status
    const [acme, initech] = (await me(ada)).organisations
    expect(await switchTo(initech!.id)).toBe(200)
    expect((await me(ada)).organisation.name).toBe('Initech')
    expect(await status()).toBe(404)
    expect(await switchTo(acme!.id)).toBe(200)
    expect(await status()).toBe(200)
    expect(await switchTo((await me(grace)).organisation.id)).toBe(403)
    expect((await me(ada)).organisation.name).toBe('Acme')
  })

  it('plans nothing for nobody', async () => {
    expect((await post('/api/longhaul/jobs', request)).status).toBe(401)
  })

  it('shows a trip to who asked for it, and to the other organisation as if there were none', async () => {
    const [ada, grace] = [await signIn('ada@acme.example'), await signIn('grace@globex.example')]
    const created = await post('/api/longhaul/jobs', request, ada)
    expect(created.status).toBe(201)
    const { id } = (await created.json()) as { id: string }
    const address = `/api/longhaul/jobs/${id}`
    const status = async (headers: Record<string, string>) =>
      (await fetch(studio.url + address, { headers })).status
    expect(await status(ada)).toBe(200)
    expect(await status(grace)).toBe(404)
    expect((await post(`${address}/cancel`, {}, grace)).status).toBe(404)
    const list = await fetch(`${studio.url}/api/longhaul/jobs`, { headers: grace })
    expect(await list.json()).toMatchObject({ jobs: [] })
  })

  it('notices at once that somebody signed out', async () => {
    const ada = await signIn('ada@acme.example')
    const list = async () =>
      (await fetch(`${studio.url}/api/longhaul/jobs`, { headers: ada })).status
    expect(await list()).toBe(200)
    expect((await post('/api/auth/sign-out', {}, ada)).status).toBe(200)
    expect(await list()).toBe(401)
  })

  it('answers an address that does not exist with 404, and lets no page of others frame it', async () => {
    const page = await fetch(`${studio.url}/no-such-page`)
    expect(page.status).toBe(404)
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    const api = await fetch(`${studio.url}/api/no-such-address`)
    expect(api.status).toBe(404)
    expect(await api.json()).toMatchObject({ message: expect.any(String) })
  })
})
