import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ada } from '../../../test/database.js'
import { deferred, testEngine, testJob, untilAborted } from '../../../test/engine.js'
import { tablesWith } from '../../../test/tables-with.js'
import type { JobDefinition } from '../../core/index.js'
import { createSecretStore } from './secret-store.js'
import { createVault } from './vault.js'

const secret = 'sk-live-0123456789'
const oldKey = { id: 'k1', key: randomBytes(32) }
const newKey = { id: 'k2', key: randomBytes(32) }
const once = { retry: { attempts: 1 } }

const testVault = () => createVault([oldKey])
const engineOf = (jobs: readonly JobDefinition[]) => testEngine(jobs, { vault: testVault() })
const keys = { principal: ada, secrets: { openai: secret } }

describe('a secret', () => {
  it('is sealed in the database, opened by the handler, and gone when the job has completed', async () => {
    const [asked, gate] = [deferred<unknown>(), deferred()]
    const engine = await engineOf([
      testJob('call', async ({ secrets }) => {
        asked.resolve([await secrets.get('openai'), await secrets.get('other')])
        await gate.promise
      }),
    ])
    await engine.startWorker()
    const { job } = await engine.jobs.enqueue('call', {}, keys)
    expect(await asked.promise).toEqual([secret, undefined])
    expect(await engine.db.query('select name, key_id from longhaul.secrets')).toEqual([
      { name: 'openai', key_id: 'k1' },
    ])
    expect(await tablesWith(engine.db, secret)).toEqual([])
    gate.resolve()
    await engine.until(job.id, 'completed')
    expect(await engine.db.query('select from longhaul.secrets')).toEqual([])
  })

  it.each([
    ['failed', () => Promise.reject(new Error('no'))],
    ['cancelled', ({ signal }: { signal: AbortSignal }) => untilAborted(signal)],
  ] as const)('is gone when the job has %s', async (status, run) => {
    const engine = await engineOf([testJob('call', run, once)])
    await engine.startWorker()
    const { job } = await engine.jobs.enqueue('call', {}, keys)
    if (status === 'cancelled') await engine.jobs.cancel({ principal: ada, id: job.id })
    await engine.until(job.id, status)
    expect(await engine.db.query('select from longhaul.secrets')).toEqual([])
  })

  it('G-37: is gone when nobody has begun the job and it is cancelled, and when a console deletes it', async () => {
    const engine = await engineOf([testJob('call', () => null)])
    const first = await engine.jobs.enqueue('call', {}, keys)
    await engine.jobs.enqueue('call', {}, keys)
    await engine.jobs.cancel({ principal: ada, id: first.job.id })
    expect(await engine.db.query('select from longhaul.secrets')).toHaveLength(1)
    await engine.db.query('delete from longhaul.jobs')
    expect(await engine.db.query('select from longhaul.secrets')).toEqual([])
  })

  it('is there for every attempt, and after every wait', async () => {
    const engine = await engineOf([
      testJob('call', async ({ secrets, job, waitForSignal }) => {
        if (job.attempt === 1) throw new Error('once')
        await waitForSignal('go')
        return (await secrets.get('openai'))?.length
      }),
    ])
    await engine.startWorker()
    const { job } = await engine.jobs.enqueue('call', {}, keys)
    await engine.until(job.id, 'waiting')
    await engine.jobs.signal({ principal: ada, id: job.id, name: 'go' })
    expect(await engine.until(job.id, 'completed')).toMatchObject({ result: secret.length })
  })

  it('G-37: is kept from a claim that was lost', async () => {
    const [begun, gate, told] = [deferred(), deferred(), deferred<unknown>()]
    const engine = await engineOf([
      testJob('call', async ({ secrets, job, signal }) => {
        if (job.attempt > 1) return untilAborted(signal)
        begun.resolve()
        await gate.promise
        told.resolve(await secrets.get('openai').catch((error: unknown) => error))
        return null
      }),
    ])
    await engine.startWorker()
    const { job } = await engine.jobs.enqueue('call', {}, keys)
    await begun.promise
    // What a rescue and another claim do.
    await engine.db.query(
      'update longhaul.jobs set fence = fence + 1, version = version + 1 where id = $1',
      [job.id],
    )
    gate.resolve()
    expect(await told.promise).toMatchObject({ reason: 'lease_lost' })
  })

  it('G-36: is not shown by what the handler stores, streams, reports, logs and throws', async () => {
    const lines: string[] = []
    const log = (details: object, message: string): void => {
      const { error } = details as { error?: Error }
      lines.push(`${JSON.stringify(details)} ${error?.message} ${error?.stack} ${message}`)
    }
    const engine = await engineOf([
      testJob(
        'leaky',
        async ({ secrets, step, stream, progress, log: logger, job }) => {
          const key = await secrets.get('openai')
          const said = `Bearer ${key}`
          await step('echo', () => ({ said, [`by ${key}`]: [said] }))
          await step('fail', () => Promise.reject(new Error(said))).catch(() => undefined)
          stream.write(said)
          progress(10, said)
          logger.info({ headers: { said }, error: new Error(said) }, said)
          logger.info({ usage: { [said]: 1 } }, 'by key')
          if (job.attempt === 2) return { said }
          throw Object.assign(new Error(said), { context: { said } })
        },
        { retry: { attempts: 2, minDelay: 0 } },
      ),
    ])
    await engine.startWorker({ logger: { debug: log, info: log, warn: log, error: log } })
    const { job } = await engine.jobs.enqueue('leaky', {}, keys)
    const ended = await engine.until(job.id, 'completed')
    expect(ended).toMatchObject({ result: { said: 'Bearer [secret]' }, stage: 'Bearer [secret]' })
    expect(await engine.jobs.attempts(ada, job.id)).toMatchObject([
      { error: { message: 'Bearer [secret]' } },
    ])
    expect(await tablesWith(engine.db, secret)).toEqual([])
    expect(await tablesWith(engine.db, 'Bearer [secret]')).toEqual([
      'jobs',
      'steps',
      'stream_chunks',
    ])
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.join('\n')).not.toContain(secret)
  })
})

describe('a request with secrets', () => {
  it('is the same request with another value, and another with other names', async () => {
    const engine = await engineOf([testJob('call', ({ secrets }) => secrets.get('a'))])
    const ask = (secrets: Record<string, string>) =>
      engine.jobs.enqueue('call', {}, { principal: ada, idempotencyKey: 'k', secrets })
    const first = await ask({ a: 'short' })
    expect(await ask({ a: 'other' })).toMatchObject({ job: { id: first.job.id }, replayed: true })
    await expect(ask({ a: 'short', b: 'more' })).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    })
    await engine.startWorker()
    expect(await engine.until(first.job.id, 'completed')).toMatchObject({ result: 'short' })
  })

  it('gives each of many jobs its own', async () => {
    const engine = await engineOf([testJob('call', ({ secrets }) => secrets.get('a'))])
    const items = ['one', 'two', 'three'].map((a) => ({ type: 'call', input: {}, secrets: { a } }))
    const made = await engine.jobs.enqueueMany([...items, { type: 'call', input: {} }], {
      principal: ada,
    })
    await engine.startWorker()
    const jobs = await Promise.all(made.map(({ job }) => engine.until(job.id, 'completed')))
    expect(jobs.map(({ result }) => result)).toEqual(['one', 'two', 'three', null])
  })

  it('is refused with a bad name, a bad value, with debounce, and by an app without keys', async () => {
    const engine = await engineOf([testJob('call', () => null)])
    const ask = (secrets: Record<string, string>, more = {}) =>
      engine.jobs.enqueue('call', {}, { principal: ada, secrets, ...more })
    const invalid = { code: 'invalid_input' }
    await expect(ask({ 'Bad Name': secret })).rejects.toMatchObject(invalid)
    await expect(ask({ a: '' })).rejects.toMatchObject({ issues: [{ pointer: '/secrets/a' }] })
    await expect(ask({ a: 'x'.repeat(8193) })).rejects.toMatchObject(invalid)
    await expect(ask({ a: secret }, { debounce: '1s' })).rejects.toMatchObject(invalid)
    const keyless = await testEngine([testJob('call', () => null)])
    await expect(keyless.jobs.enqueue('call', {}, keys)).rejects.toMatchObject({
      code: 'secrets_unavailable',
    })
    expect(await keyless.db.query('select from longhaul.jobs')).toEqual([])
  })
})

describe('a retry of a job that had secrets', () => {
  it('asks for them by name, takes no others, and gives them to the handler', async () => {
    let works = false
    const engine = await engineOf([
      testJob(
        'call',
        ({ secrets }) => {
          if (!works) throw new Error('no')
          return secrets.get('openai').then((key) => key?.length)
        },
        once,
      ),
    ])
    await engine.startWorker()
    const { job } = await engine.jobs.enqueue('call', {}, keys)
    await engine.until(job.id, 'failed')
    works = true
    await expect(engine.jobs.retry(ada, job.id)).rejects.toMatchObject({
      code: 'secret_required',
      message: expect.stringContaining('openai'),
      issues: [{ pointer: '/secrets/openai' }],
    })
    expect(await engine.job(job.id)).toMatchObject({ status: 'failed' })
    await expect(
      engine.jobs.retry(ada, job.id, { secrets: { openai: 'x', other: 'y' } }),
    ).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(engine.jobs.retry(ada, job.id, { secrets: null as never })).rejects.toMatchObject({
      code: 'invalid_input',
      issues: [{ pointer: '/secrets' }],
    })
    const retried = await engine.jobs.retry(ada, job.id, { secrets: { openai: 'sk-2' } })
    expect(retried.value).not.toHaveProperty('secretNames')
    expect(await engine.until(job.id, 'completed')).toMatchObject({ result: 4 })
  })

  it('passes it over when many are retried', async () => {
    const engine = await engineOf([testJob('call', () => Promise.reject(new Error('no')), once)])
    const plain = await engine.enqueue('call')
    const { job } = await engine.jobs.enqueue('call', {}, keys)
    await engine.jobs.cancelMany({ principal: ada, selection: {} })
    expect(await engine.jobs.retryMany({ principal: ada, selection: {} })).toEqual({
      done: 1,
      left: 0,
      skipped: [{ id: job.id, code: 'secret_required', secrets: ['openai'] }],
    })
    expect(await engine.job(plain)).toMatchObject({ status: 'queued' })
    expect(await engine.job(job.id)).toMatchObject({ status: 'cancelled' })
  })

  it('passes over a whole family of which one had some, when many are retried', async () => {
    const engine = await engineOf([testJob('call', () => null), testJob('calls', () => null)])
    const { secrets } = keys
    const items = [
      { type: 'call', input: 1, secrets },
      { type: 'call', input: 2 },
    ]
    const { job } = await engine.jobs.enqueue('calls', {}, { principal: ada, items })
    await engine.jobs.cancel({ principal: ada, id: job.id })
    const calls = { principal: ada, selection: { type: ['calls'] } }
    const skipped = [{ id: job.id, code: 'secret_required', secrets: ['openai'] }]
    expect(await engine.jobs.retryMany(calls)).toEqual({ done: 0, left: 0, skipped })
    expect(await engine.db.query('select distinct status from longhaul.jobs')).toEqual([
      { status: 'cancelled' },
    ])
    await engine.jobs.retry(ada, job.id, { secrets })
    expect(await engine.jobs.retryMany(calls)).toEqual({ done: 0, left: 0, skipped: [] })
  })

  it('gives them to the children that had them, which have none of their parent’s by themselves', async () => {
    let works = false
    const seen: unknown[] = []
    const engine = await engineOf([
      testJob(
        'child',
        async ({ secrets }) => {
          seen.push([await secrets.get('openai'), await secrets.get('mine')])
          if (!works) throw new Error('no')
        },
        once,
      ),
      testJob(
        'parent',
        async ({ spawn, secrets }) => {
          const openai = (await secrets.get('openai'))!
          await spawn('child', {}, { secrets: { mine: openai } })
        },
        once,
      ),
    ])
    await engine.startWorker()
    const { job } = await engine.jobs.enqueue('parent', {}, keys)
    await engine.until(job.id, 'failed')
    works = true
    await expect(
      engine.jobs.retry(ada, job.id, { secrets: { openai: secret } }),
    ).rejects.toMatchObject({ issues: [{ pointer: '/secrets/mine' }] })
    await engine.jobs.retry(ada, job.id, { secrets: { openai: secret, mine: 'again' } })
    await engine.until(job.id, 'completed')
    expect(seen).toEqual([
      [undefined, secret],
      [undefined, 'again'],
    ])
  })
})

describe('when the key is replaced', () => {
  it('F47: nothing is lost: the new one seals, the old one opens until all is sealed anew', async () => {
    const engine = await engineOf([testJob('call', ({ secrets }) => secrets.get('openai'))])
    const { job } = await engine.jobs.enqueue('call', {}, keys)
    const vault = createVault([newKey, oldKey])
    const store = createSecretStore(engine.db, vault)
    expect(await store.countByKey()).toEqual({ k1: 1 })
    expect([await store.reseal(), await store.reseal()]).toEqual([1, 0])
    expect(await store.countByKey()).toEqual({ k2: 1 })
    await engine.startWorker({
      jobTypes: { definitions: new Map(), makeId: () => '', vault: createVault([newKey]) },
    })
    expect(await engine.until(job.id, 'completed')).toMatchObject({ result: '[secret]' })
  })

  it('F47: a worker without it fails the attempt and says which is missing', async () => {
    const engine = await engineOf([testJob('call', ({ secrets }) => secrets.get('openai'), once)])
    const { job } = await engine.jobs.enqueue('call', {}, keys)
    await engine.startWorker({
      jobTypes: { definitions: new Map(), makeId: () => '', vault: createVault([newKey]) },
    })
    expect(await engine.until(job.id, 'failed')).toMatchObject({
      error: { code: 'secrets_unavailable', message: expect.stringContaining('"k1"') },
    })
  })
})
