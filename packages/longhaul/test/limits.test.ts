import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { JobFailure, type Json, limits } from '../src/core/index.js'
import { ada } from './database.js'
import { testEngine, testJob } from './engine.js'
import { testApi } from './http.js'

const tooLarge = 'x'.repeat(limits.payloadBytes)
const bad = 'a\0b\uD800c'
const good = 'a\uFFFDb\uFFFDc'
let deep: Json = 1
for (let depth = 0; depth <= limits.jsonDepth; depth += 1) deep = [deep]
const wide = Object.fromEntries(Array.from({ length: limits.jsonKeys + 1 }, (_, n) => [`k${n}`, 1]))

/** What callers give is refused before the database sees it. What handlers make is kept as far as it can be, for it may have cost much. */
const rows: Record<string, () => Promise<void>> = {
  async Input() {
    const { jobs } = await testEngine([testJob('noop', () => null)])
    const refused = (input: Json): Promise<unknown> =>
      jobs.enqueue('noop', input, { principal: ada }).catch((error: unknown) => error)
    expect(await refused(tooLarge)).toMatchObject({ code: 'payload_too_large' })
    expect(await refused(deep)).toMatchObject({ code: 'too_deep' })
    expect(await refused(wide)).toMatchObject({ code: 'too_complex' })
    expect(await refused(bad)).toMatchObject({ code: 'invalid_character' })
  },

  async Metadata() {
    const { jobs } = await testEngine([testJob('noop', () => null)])
    const metadata = { note: 'x'.repeat(limits.metadataBytes) }
    await expect(jobs.enqueue('noop', {}, { principal: ada, metadata })).rejects.toMatchObject({
      code: 'payload_too_large',
    })
  },

  async Tags() {
    const { jobs } = await testEngine([testJob('noop', () => null)])
    for (const tags of [
      Array.from({ length: limits.tags + 1 }, (_, n) => `t${n}`),
      ['x'.repeat(65)],
    ])
      await expect(jobs.enqueue('noop', {}, { principal: ada, tags })).rejects.toMatchObject({
        code: 'invalid_input',
      })
  },

  async 'Signal’s payload'() {
    const engine = await testEngine([testJob('noop', () => null)])
    const id = await engine.enqueue('noop')
    for (const [payload, code] of [
      [tooLarge, 'payload_too_large'],
      [bad, 'invalid_character'],
    ] as const)
      await expect(
        engine.jobs.signal({ principal: ada, id, name: 'go', payload }),
      ).rejects.toMatchObject({ code })
  },

  async 'Job’s result'() {
    const engine = await testEngine([
      testJob('echo', ({ input }) => (input === 1 ? tooLarge : bad)),
    ])
    await engine.startWorker()
    expect(await engine.until(await engine.enqueue('echo', 1), 'failed')).toMatchObject({
      attempt: 1,
      error: { code: 'invalid_result' },
    })
    expect(await engine.until(await engine.enqueue('echo', 2), 'completed')).toMatchObject({
      result: good,
    })
  },

  async 'Step’s result'() {
    const engine = await testEngine([
      testJob('steps', ({ input, step }) => step('one', () => (input === 1 ? tooLarge : bad)), {
        retry: { attempts: 1 },
      }),
    ])
    await engine.startWorker()
    expect(await engine.until(await engine.enqueue('steps', 1), 'failed')).toMatchObject({
      error: { code: 'payload_too_large' },
    })
    const id = await engine.enqueue('steps', 2)
    await engine.until(id, 'completed')
    expect(
      await engine.db.query('select result from longhaul.steps where job_id = $1', [id]),
    ).toEqual([{ result: good }])
  },

  async 'Value of a stream'() {
    const engine = await testEngine([
      testJob('writes', ({ stream }) => stream.write('x'.repeat(limits.streamValueBytes)), {
        retry: { attempts: 1 },
      }),
    ])
    await engine.startWorker()
    expect(await engine.until(await engine.enqueue('writes'), 'failed')).toMatchObject({
      error: { code: 'payload_too_large' },
    })
  },

  async Stage() {
    const engine = await testEngine([
      testJob('stage', ({ progress }) => progress(1, bad + 'x'.repeat(300))),
    ])
    await engine.startWorker()
    const { stage } = await engine.until(await engine.enqueue('stage'), 'completed')
    expect(stage).toHaveLength(limits.stageCharacters)
    expect(stage!.startsWith(good)).toBe(true)
  },

  async Error() {
    const engine = await testEngine([
      testJob('fails', () => {
        throw new JobFailure(bad + 'x'.repeat(3000), {
          code: 'x',
          retryable: false,
          context: 'x'.repeat(16_384),
        })
      }),
    ])
    await engine.startWorker()
    const { error } = await engine.until(await engine.enqueue('fails'), 'failed')
    expect(error!.message).toHaveLength(2000)
    expect(error!.message.startsWith(good)).toBe(true)
    expect(error!.context).toMatchObject({ unstorable: expect.stringContaining('16384') as string })
  },

  async 'Ids of tenants and users'() {
    const { jobs } = await testEngine([testJob('noop', () => null)])
    for (const id of [{ userId: 'x'.repeat(65) }, { tenantId: 'x'.repeat(65) }])
      await expect(
        jobs.enqueue('noop', {}, { principal: { ...ada, ...id } }),
      ).rejects.toMatchObject({ code: 'invalid_configuration', status: 500 })
  },

  async 'Names of job types, queues'() {
    expect(() => testJob('x'.repeat(limits.nameBytes + 1), () => null)).toThrow(/64/)
    expect(() => testJob('noop', () => null, { queue: 'A b' })).toThrow(/a-z/)
  },

  async 'Idempotency key'() {
    const api = await testApi([testJob('noop', () => null)])
    const idempotencyKey = 'x'.repeat(256)
    await expect(
      api.engine.jobs.enqueue('noop', {}, { principal: ada, idempotencyKey }),
    ).rejects.toMatchObject({ code: 'invalid_input' })
    const headers = { 'idempotency-key': idempotencyKey }
    const refused = await api.post('/jobs', { type: 'noop', input: {} }, { headers })
    expect([refused.status, await refused.json()]).toMatchObject([400, { code: 'invalid_header' }])
  },

  async 'Delay, `runAt`'() {
    const { jobs } = await testEngine([testJob('noop', () => null)])
    const sixYears = 6 * 366 * 86_400_000
    for (const when of [{ delay: sixYears }, { runAt: new Date(Date.now() + sixYears) }])
      await expect(jobs.enqueue('noop', {}, { principal: ada, ...when })).rejects.toMatchObject({
        code: 'invalid_input',
      })
  },

  async 'Jobs of one call'() {
    const api = await testApi([testJob('noop', () => null)])
    const some = (count: number) =>
      Array.from({ length: count }, () => ({ type: 'noop', input: {} }))
    await expect(
      api.engine.jobs.enqueueMany(some(10_001), { principal: ada }),
    ).rejects.toMatchObject({ code: 'payload_too_large' })
    const refused = await api.post('/jobs/batch', { jobs: some(1001) })
    expect([refused.status, await refused.json()]).toMatchObject([422, { code: 'invalid_input' }])
  },

  async 'Page of `GET /jobs`'() {
    const api = await testApi([testJob('noop', () => null)])
    const input = { text: 'x'.repeat(1_000_000) }
    for (let n = 0; n < 12; n += 1) await api.engine.jobs.enqueue('noop', input, { principal: ada })
    const read = async (query: string) =>
      (await (await api.request(`/jobs?${query}`)).json()) as {
        jobs: unknown[]
        nextCursor: string | null
      }
    const first = await read('limit=200')
    const second = await read(`limit=200&cursor=${first.nextCursor}`)
    expect([first.jobs.length, second.jobs.length, second.nextCursor]).toEqual([9, 3, null])
  },
}

it.each(Object.entries(rows))(
  '%s keeps to its row of docs/reference/limits.md',
  async (_, holds) => {
    await expect(holds()).resolves.toBeUndefined()
  },
)

it('docs/reference/limits.md has a row for each of these, and no other', async () => {
  const text = await readFile(new URL('../../../docs/reference/limits.md', import.meta.url), 'utf8')
  const named = [...text.matchAll(/^\| ([A-Z][^|]*?) +\|/gm)].map((match) => match[1])
  expect(named.sort()).toEqual(Object.keys(rows).sort())
})
