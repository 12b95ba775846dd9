import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { JobFailure, type Json, limits } from '../src/core/index.js'
import { ada } from './database.js'
import { testEngine, testJob } from './engine.js'

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
