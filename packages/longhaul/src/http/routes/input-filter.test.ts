import { expect, it } from 'vitest'
import { clientOf, until } from '../../../test/client.js'
import { ada } from '../../../test/database.js'
import { silent, testJob } from '../../../test/engine.js'
import { apiOf, type TestApi, testApi } from '../../../test/http.js'
import type { Json } from '../../core/index.js'
import { listJobs } from '../../postgres/index.js'

const agentTask = testJob('agent_task', () => null, {
  filterBy: ['contactId', 'contact.country', 'priority'],
})

async function ids(api: TestApi, input: unknown): Promise<string[]> {
  const response = await api.request(`/jobs?input=${encodeURIComponent(JSON.stringify(input))}`)
  const { jobs } = (await response.json()) as { jobs: { id: string }[] }
  return jobs.map(({ id }) => id)
}

it('finds jobs by fields of their input: all of them, of exactly this value and kind', async () => {
  const api = await testApi([agentTask])
  const add = (input: Json): Promise<string> => api.engine.enqueue('agent_task', input)
  const one = await add({ contactId: 'c1', contact: { country: 'PT' }, priority: 1 })
  const other = await add({ contactId: 'c2', contact: { country: 'PT' }, priority: '1' })
  await add({ contactId: ['c1'], note: 'c1' })
  await add(null)
  expect(await ids(api, { contactId: 'c1' })).toEqual([one])
  expect(await ids(api, { 'contact.country': 'PT' })).toEqual([other, one])
  expect(await ids(api, { 'contact.country': 'PT', contactId: 'c2' })).toEqual([other])
  expect(await ids(api, { priority: 1 })).toEqual([one])
  expect(await ids(api, { contactId: 'c"1' })).toEqual([])
})

it('follows the tasks of one contact: they enter, change and leave, and no other does', async () => {
  const api = await testApi([agentTask])
  const client = clientOf(api)
  const tasks = client.window({ input: { contactId: 'c1' }, status: ['queued'] })
  await until(tasks, ({ window }) => window !== undefined)
  const [mine] = await Promise.all([
    api.engine.enqueue('agent_task', { contactId: 'c1' }),
    api.engine.enqueue('agent_task', { contactId: 'c2' }),
  ])
  const { jobs, window } = await until(tasks, (snapshot) => snapshot.jobs.length > 0)
  expect(jobs.map(({ id }) => id)).toEqual([mine])
  expect(window?.counts.queued).toBe(1)
  await client.jobs.cancel(mine)
  await until(tasks, (snapshot) => snapshot.window?.ids.length === 0)
})

it('shows a task that is asked for in its contact’s window at once, and in no other', async () => {
  const api = await testApi([agentTask])
  const client = clientOf(api)
  const [c1, c2] = ['c1', 'c2'].map((contactId) => client.window({ input: { contactId } }))
  await until(c1!, ({ window }) => window !== undefined)
  await until(c2!, ({ window }) => window !== undefined)
  const creating = client.jobs.create('agent_task', { contactId: 'c1' })
  expect(c1!.getSnapshot().jobs).toHaveLength(1)
  expect(c2!.getSnapshot().jobs).toHaveLength(0)
  await creating
})

it('cancels and retries the tasks of one contact', async () => {
  const api = await testApi([agentTask])
  for (const contactId of ['c1', 'c1', 'c2']) await api.engine.enqueue('agent_task', { contactId })
  const filter = { input: { contactId: 'c1' } }
  for (const path of ['/jobs/cancel', '/jobs/retry'])
    expect(await (await api.post(path, { filter })).json()).toMatchObject({ done: 2, left: 0 })
})

it('finds a debounced job by its last input', async () => {
  const api = await testApi([agentTask])
  for (const contactId of ['c1', 'c2']) {
    await api.engine.jobs.enqueue(
      'agent_task',
      { contactId },
      { principal: ada, singleton: true, debounce: '1h' },
    )
  }
  expect(await ids(api, { contactId: 'c1' })).toEqual([])
  expect(await ids(api, { contactId: 'c2' })).toHaveLength(1)
})

it('refuses a field that no type names, and what is no value', async () => {
  const api = await testApi([agentTask, testJob('noop', () => null)])
  const six = Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`field${n}`, n]))
  const senseless = [
    { input: { colour: 'red' } },
    { input: { contactId: 'c1' }, type: ['noop'] },
    { input: { contactId: 'x'.repeat(257) } },
    { parent: 'c1' },
  ]
  const malformed = [
    { input: { contactId: { in: ['c1'] } } },
    { input: { 'contactId"; drop table': 'c1' } },
    { input: six },
  ]
  for (const filter of [...senseless, ...malformed])
    expect((await api.post('/jobs/cancel', { filter })).status, JSON.stringify(filter)).toBe(422)
  for (const filter of malformed) {
    const watch = { watches: [{ key: 'w', jobs: filter }] }
    expect((await api.post('/watch', watch)).status, JSON.stringify(filter)).toBe(422)
  }
  expect((await api.request('/jobs?input=%7Bcolour')).status).toBe(400)
  expect((await api.request('/jobs?input=%7B%22colour%22%3A1%7D')).status).toBe(422)
})

it('finds nothing in a window by what no job can have, and says why in the log', async () => {
  const warnings: unknown[] = []
  const logger = { ...silent, warn: (_: unknown, message: string) => warnings.push(message) }
  const { engine, options } = await testApi([agentTask])
  const api = apiOf(engine, { services: { ...options.services, logger } })
  const job = await api.engine.enqueue('agent_task', { contactId: 'c1' })
  const filters = [
    { input: { colour: 'red' } },
    { parent: 'c1' },
    { input: { contactId: 'x'.repeat(257) } },
  ]
  const windows = filters.map((filter, n) => ({ key: `w${n}`, jobs: filter }))
  const answer = await (await api.post('/watch', { watches: [{ job }, ...windows] })).json()
  expect(answer).toMatchObject({
    jobs: [{ id: job }],
    windows: windows.map(() => ({ ids: [], counts: { queued: 0 } })),
  })
  expect(warnings).toEqual(Array(2).fill('a list of jobs that is watched finds nothing'))
})

it('reads the jobs of one contact, and not those of all to find them', async () => {
  const { engine } = await testApi([agentTask])
  const items = Array.from({ length: 3000 }, (_, n) => ({
    type: 'agent_task',
    input: { contactId: `c${n % 300}` },
  }))
  await engine.jobs.enqueueMany(items, { principal: ada })
  await engine.db.query('analyze longhaul.jobs')
  const selection = { input: { contactId: 'c1' } }
  for (const mostBytes of [undefined, 1_000_000]) {
    const { text, values } = listJobs({ principal: ada, selection, limit: 21, mostBytes })
    const plan = JSON.stringify(await engine.db.run({ text: `explain ${text}`, values }))
    expect(plan).toContain('jobs_input_fields_idx')
  }
})
