import { expect, it, onTestFinished, vi } from 'vitest'
import { acmeAdmin, ada, bob, grace } from '../../../test/database.js'
import { silent, testEngine, type TestEngine, testJob } from '../../../test/engine.js'
import { apiOf, type TestApi } from '../../../test/http.js'
import { LonghaulError, type Principal, uuidV7 } from '../../core/index.js'
import { createErase, createJobs } from '../../engine/index.js'
import type { HubOptions } from '../../live/index.js'
import { createHints, type Hints, type OwnDatabase } from '../../postgres/index.js'

const noop = testJob('noop', () => null)
const operator: Principal = { tenantId: 'acme', userId: 'root', roles: ['operator'] }

/** Also on a machine that is busy with other things. */
function waitFor(expectation: () => unknown): Promise<unknown> {
  return vi.waitFor(expectation, { timeout: 20_000 })
}

interface PolledApi extends TestApi {
  /** How many statements the node makes meanwhile. */
  statementsOf(work: () => Promise<unknown>): Promise<number>
  /** As a browser asks: with the tag of the answer before. */
  poll(path: string, etag: string, as?: Principal): Promise<number>
  /** From now on it need not be read. @returns its tag */
  pollTwice(path: string): Promise<string>
  /** Somebody changes the job, of which nobody is told. */
  changeInSilence(id: string): Promise<unknown>
}

/** A node whose statements are counted. */
async function polledApi(
  hubOptions: (engine: TestEngine) => Partial<HubOptions> = () => ({}),
): Promise<PolledApi> {
  const engine = await testEngine([noop])
  const { hints } = engine
  let statements = 0
  const db: OwnDatabase = {
    ...engine.db,
    run(query) {
      statements += 1
      return engine.db.run(query)
    },
  }
  const definitions = new Map([['noop', noop]])
  const makeId = (): string => uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)))
  const jobs = createJobs({ db, hints, definitions, makeId })
  // Looks count too, so none comes by itself.
  const api = apiOf({ ...engine, jobs }, {}, { db, healMs: 3_600_000, ...hubOptions(engine) })
  await waitFor(() => expect(hints.status()).toBe('listening'))

  async function poll(path: string, etag: string, as: Principal = ada): Promise<number> {
    return (await api.request(path, { as, headers: { 'if-none-match': etag } })).status
  }
  return {
    ...api,
    poll,
    async statementsOf(work) {
      const before = statements
      await work()
      return statements - before
    },
    async pollTwice(path) {
      const etag = (await api.request(path)).headers.get('etag')!
      expect(await poll(path, etag)).toBe(304)
      return etag
    },
    changeInSilence: (id) =>
      engine.db.query('update longhaul.jobs set version = version + 1 where id = $1', [id]),
  }
}

/** Hints of which none arrives, though all seems well. */
function deaf({ hints }: TestEngine): Hints {
  return { ...hints, subscribe: () => () => undefined }
}

it('G-70: a poller that has the version of a job is told so without a statement', async () => {
  const { engine, poll, pollTwice, request, statementsOf } = await polledApi()
  const path = `/jobs/${await engine.enqueue('noop')}`
  const etag = await pollTwice(path)
  for (let n = 0; n < 5; n += 1)
    expect(await statementsOf(async () => expect(await poll(path, etag)).toBe(304))).toBe(0)

  const withSteps = `${path}?include=steps`
  const ofSteps = (await request(withSteps)).headers.get('etag')!
  expect(ofSteps).not.toBe(etag)
  expect(await statementsOf(async () => expect(await poll(withSteps, ofSteps)).toBe(304))).toBe(0)
})

it('G-70: a change is told at the next poll in the process that made it, and a moment later in others', async () => {
  const { engine, request, post, poll, pollTwice } = await polledApi()
  const path = `/jobs/${await engine.enqueue('noop')}`
  const first = await pollTwice(path)
  await post(`${path}/cancel`)
  expect(await poll(path, first)).toBe(200)

  const second = await pollTwice(path)
  const elsewhere = createHints({ db: engine.db, connection: engine.db.connection, logger: silent })
  onTestFinished(() => elsewhere.close())
  const jobs = createJobs({ ...engine, hints: elsewhere, definitions: new Map(), makeId: () => '' })
  await jobs.retry(ada, path.slice('/jobs/'.length))
  await waitFor(async () => expect(await poll(path, second)).toBe(200))
  expect(await (await request(path)).json()).toMatchObject({ status: 'queued' })
})

it('G-70: who does not say which version it has is answered from the row, and nothing is kept for it', async () => {
  const { engine, hub, request, statementsOf } = await polledApi()
  const path = `/jobs/${await engine.enqueue('noop')}`
  for (let n = 0; n < 3; n += 1) expect(await statementsOf(() => request(path))).toBe(1)
  expect(hub.polled.size()).toBe(0)
})

it('G-12: a job that is kept for one poller is not there for another who may not see it, whatever tag it has', async () => {
  const { engine, hub, poll, pollTwice } = await polledApi()
  const path = `/jobs/${await engine.enqueue('noop')}`
  const etag = await pollTwice(path)
  expect(await poll(path, etag, bob)).toBe(404)
  expect(await poll(path, etag, grace)).toBe(404)
  expect(await poll(path, etag, acmeAdmin)).toBe(304)
  expect(hub.polled.size()).toBe(1)
})

it('a poller of a job that is deleted or erased meanwhile is told that it is not there', async () => {
  const { engine, request, post, poll, pollTwice } = await polledApi()
  const path = `/jobs/${await engine.enqueue('noop')}`
  await post(`${path}/cancel`)
  const etag = await pollTwice(path)
  expect((await request(path, { method: 'DELETE' })).status).toBe(204)
  expect(await poll(path, etag)).toBe(404)

  const other = `/jobs/${await engine.enqueue('noop')}`
  const ofOther = await pollTwice(other)
  await createErase(engine)(operator, { tenantId: 'acme', userId: 'ada' })
  expect(await poll(other, ofOther)).toBe(404)
})

it('a poller reads the row while no hints come', async () => {
  const { engine, poll, pollTwice, changeInSilence } = await polledApi(({ hints }) => ({
    hints: { ...hints, status: () => 'pooled' },
  }))
  const id = await engine.enqueue('noop')
  const etag = await pollTwice(`/jobs/${id}`)
  await changeInSilence(id)
  expect(await poll(`/jobs/${id}`, etag)).toBe(200)
})

it('a poller reads the row after any doubt about the hints', async () => {
  const { engine, poll, pollTwice, changeInSilence } = await polledApi()
  const id = await engine.enqueue('noop')
  const etag = await pollTwice(`/jobs/${id}`)
  await changeInSilence(id)
  engine.hints.send({ everything: true })
  expect(await poll(`/jobs/${id}`, etag)).toBe(200)
})

it('G-70: a change whose hint was lost is found when the hub looks again', async () => {
  const { engine, poll, pollTwice, changeInSilence } = await polledApi((other) => ({
    hints: deaf(other),
    healMs: 50,
  }))
  const id = await engine.enqueue('noop')
  const etag = await pollTwice(`/jobs/${id}`)
  await changeInSilence(id)
  await waitFor(async () => expect(await poll(`/jobs/${id}`, etag)).toBe(200))
})

it('G-70: what the hub could not look at again counts no more', async () => {
  const away = (): never => {
    throw new LonghaulError('database_unavailable', 'The hub does not reach it.')
  }
  const { engine, poll, pollTwice, changeInSilence } = await polledApi((other) => ({
    hints: deaf(other),
    db: { run: async () => away() },
    healMs: 50,
  }))
  const id = await engine.enqueue('noop')
  const etag = await pollTwice(`/jobs/${id}`)
  await changeInSilence(id)
  await waitFor(async () => expect(await poll(`/jobs/${id}`, etag)).toBe(200))
})

it('forgets the version of a job that is not polled any more', async () => {
  const { engine, hub, pollTwice } = await polledApi(() => ({ pollMs: 10, healMs: 50 }))
  await pollTwice(`/jobs/${await engine.enqueue('noop')}`)
  await waitFor(() => expect(hub.polled.size()).toBe(0))
})
