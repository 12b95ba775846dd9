import { randomUUID } from 'node:crypto'
import type { Job } from 'longhaul'
import { startTestDatabase, type TestDatabase } from 'longhaul/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoPassword } from '../../demo/demo-users.js'
import { startStudio, type Studio } from '../start-studio.js'
import type { ContactFile, ListedContact } from './contact-store.js'

let database: TestDatabase
let studio: Studio
beforeAll(async () => {
  database = await startTestDatabase()
  studio = await startStudio({
    port: 0,
    dataDirectory: 'unused',
    database: database.database,
  })
})
afterAll(async () => {
  await studio.stop()
  await database.stop()
})

type Ask = (method: string, path: string, body?: unknown) => Promise<Response>

async function signIn(email: string): Promise<Ask> {
  const ask =
    (headers: Record<string, string>): Ask =>
    (method, path, body) =>
      fetch(studio.url + path, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
  const answer = await ask({})('POST', '/api/auth/sign-in/email', { email, password: demoPassword })
  return ask({ authorization: `Bearer ${answer.headers.get('set-auth-token')}` })
}

const [ada, grace] = ['ada@acme.example', 'grace@globex.example']
const facts = {
  name: 'Zoe Z',
  role: '',
  company: '',
  email: '',
  timeZone: 'Asia/Tokyo',
  isArchived: false,
}
const talk = {
  id: randomUUID(),
  kind: 'call',
  at: new Date(Date.now() - 3_600_000).toISOString(),
  minutes: null,
  text: 'We will send the map. It rained.',
}

async function settled(ask: Ask, type: string, input: object): Promise<Job> {
  const { id } = (await (await ask('POST', '/api/longhaul/jobs', { type, input })).json()) as Job
  for (;;) {
    const job = (await (await ask('GET', `/api/longhaul/jobs/${id}`)).json()) as Job
    if (job.finishedAt !== null) return job
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function fileOf(ask: Ask, id: string): Promise<ContactFile> {
  return (await (await ask('GET', `/api/contacts/${id}`)).json()) as ContactFile
}

describe('contacts', () => {
  it('are made under an id of the browser’s, and once however often they are sent', async () => {
    const ask = await signIn(ada)
    const id = randomUUID()
    for (let n = 0; n < 2; n += 1) {
      expect((await ask('PUT', `/api/contacts/${id}`, facts)).status).toBe(200)
      expect((await ask('POST', `/api/contacts/${id}/talks`, talk)).status).toBe(201)
    }
    const list = (await (await ask('GET', '/api/contacts')).json()) as ListedContact[]
    expect(list.filter((each) => each.id === id)).toMatchObject([{ ...facts, lastTalkAt: talk.at }])
    expect(await fileOf(ask, id)).toMatchObject({ talks: [talk], drafts: [] })
    for (const wrong of [{ timeZone: 'Mars/Olympus' }, { name: ' ' }, { email: 'x' }, { id }])
      expect((await ask('PUT', `/api/contacts/${id}`, { ...facts, ...wrong })).status).toBe(422)
    expect((await ask('DELETE', `/api/contacts/${id}`)).status).toBe(204)
    expect((await ask('GET', `/api/contacts/${id}`)).status).toBe(404)
  })

  it('are worked for by agents, whose drafts are kept once, changed and decided on', async () => {
    const ask = await signIn(ada)
    const id = randomUUID()
    await ask('PUT', `/api/contacts/${id}`, facts)
    const writer = { contactId: id, agentId: 'writer' }
    const before = await settled(ask, 'contact_follow_up', writer)
    expect(before).toMatchObject({ status: 'failed', error: { code: 'no_talks' } })
    await ask('POST', `/api/contacts/${id}/talks`, talk)
    const job = await settled(ask, 'contact_follow_up', writer)
    await settled(ask, 'contact_summary', { contactId: id, agentId: 'reader' })
    const slots = { contactId: id, agentId: 'diary', minutes: 30, timeZone: 'Europe/Lisbon' }
    await settled(ask, 'contact_slots', slots)
    const { drafts } = await fileOf(ask, id)
    expect(drafts.map(({ agentId }) => agentId)).toEqual(['diary', 'reader', 'writer'])
    const draft = drafts.find((each) => each.id === job.id)!
    expect(draft.body).toContain('We will send the map.')
    const change = { subject: 'The map', body: 'Here it is.', status: 'accepted' }
    const place = `/api/contacts/${id}/drafts/${job.id}`
    expect(await (await ask('PUT', place, change)).json()).toMatchObject(change)
    expect((await ask('PUT', place, { ...change, status: 'sent' })).status).toBe(422)

    await ask('PUT', `/api/contacts/${id}`, { ...facts, isArchived: true })
    const archived = await settled(ask, 'contact_follow_up', writer)
    expect(archived).toMatchObject({ status: 'failed', error: { code: 'contact_archived' } })
  })

  it('are neither seen nor changed nor worked for from another organisation', async () => {
    const [ask, foreign] = [await signIn(ada), await signIn(grace)]
    const id = randomUUID()
    await ask('PUT', `/api/contacts/${id}`, facts)
    await ask('POST', `/api/contacts/${id}/talks`, talk)
    const job = await settled(ask, 'contact_follow_up', { contactId: id, agentId: 'writer' })
    const place = `/api/contacts/${id}`
    const change = { subject: 'x', body: 'x', status: 'open' }
    for (const [method, path, body] of [
      ['GET', place],
      ['DELETE', place],
      ['POST', `${place}/talks`, { ...talk, id: randomUUID() }],
      ['PUT', `${place}/drafts/${job.id}`, change],
    ] as const)
      expect((await foreign(method, path, body)).status, `${method} ${path}`).toBe(404)
    const theirs = await settled(foreign, 'contact_follow_up', { contactId: id, agentId: 'writer' })
    expect(theirs).toMatchObject({ status: 'failed', error: { code: 'contact_not_found' } })
    // The same id is free for them: a contact of their own, of which this one knows nothing.
    expect((await foreign('PUT', place, { ...facts, name: 'Mine' })).status).toBe(200)
    expect(await fileOf(ask, id)).toMatchObject({ contact: { name: 'Zoe Z' }, talks: [talk] })
    expect(await fileOf(foreign, id)).toMatchObject({ contact: { name: 'Mine' }, drafts: [] })
  })

  it('are for whoever is signed in', async () => {
    expect((await fetch(`${studio.url}/api/contacts`)).status).toBe(401)
  })
})
