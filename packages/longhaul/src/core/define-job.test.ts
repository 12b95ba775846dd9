import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { defineJob } from './define-job.js'
import type { JobTypesOf } from './register.js'

const schemas = { input: z.object({ url: z.string() }), result: z.object({ words: z.number() }) }
const run = (): { words: number } => ({ words: 1 })

describe('defineJob', () => {
  it('fills in the policy that it was not given', () => {
    expect(defineJob('count_words', { ...schemas, run })).toMatchObject({
      version: 1,
      visibility: 'owner',
      queue: 'count_words',
      attempts: 5,
      timeoutMs: 900_000,
      expiresAfterMs: { completed: 86_400_000, failed: 86_400_000, cancelled: 86_400_000 },
      cancelGraceMs: 10_000,
      limits: undefined,
    })
  })

  it.each<[string, Parameters<typeof defineJob>[1] | object]>([
    ['retry.attempts', { retry: { attempts: 0 } }],
    ['retry.attempts', { retry: { attempts: 2.5 } }],
    ['timeout', { timeout: 'soon' }],
    ['expiresAfter', { expiresAfter: 'soon' }],
    ['expiresAfter.failed', { expiresAfter: { failed: -1 } }],
    ['concurrency.perTenant', { concurrency: { perTenant: -1 } }],
    ['rate.perKey.limit', { rate: { perKey: { limit: 0, per: '1m' } } }],
    ['rate.perQueue.per', { rate: { perQueue: { limit: 1, per: '2d' } } }],
    ['version', { version: 0 }],
    ['queue', { queue: 'Not A Name' }],
  ])('names the option %s when it is out of range', (name, options) => {
    expect(() => defineJob('count_words', { ...schemas, run, ...options })).toThrow(
      expect.objectContaining({
        code: 'invalid_configuration',
        message: expect.stringContaining(name),
      }),
    )
  })

  it.each(['', 'Trip', '.hidden', 'a b', 'x'.repeat(65), '__proto__', 'tríp'])(
    'refuses the name %j',
    (name) => {
      expect(() => defineJob(name, { ...schemas, run })).toThrow(/a-z/)
    },
  )

  it('tells callers what a job takes and gives', () => {
    const counted = defineJob('count_words', { ...schemas, run })
    type Types = JobTypesOf<[typeof counted]>
    expectTypeOf<Types['count_words']>().toEqualTypeOf<{
      readonly input: { url: string }
      readonly result: { words: number }
    }>()
  })
})
