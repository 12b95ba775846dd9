import fc from 'fast-check'
import { expect, it } from 'vitest'
import { errorCodes, LonghaulError } from '../core/index.js'
import { formatKnownVersion, isNews, isSameJob } from './known-version.js'
import { asProblem, fromProblem } from './problem.js'
import { encodeFrame, formatSse } from './sse.js'

const createdAt = '2026-11-22T10:00:00.000Z'

it('is news to a reader exactly when the version is newer or the job is another one', () => {
  const known = formatKnownVersion({ version: 7, createdAt })
  expect(isNews({ version: 7, createdAt }, known)).toBe(false)
  expect(isNews({ version: 6, createdAt }, known)).toBe(false)
  expect(isNews({ version: 8, createdAt }, known)).toBe(true)
  expect(isNews({ version: 1, createdAt: '2026-11-22T11:00:00.000Z' }, known)).toBe(true)
  expect(isSameJob({ version: 1, createdAt: '2026-11-22T11:00:00.000Z' }, known)).toBe(false)
})

it('takes a known version that makes no sense for none', () => {
  fc.assert(
    fc.property(fc.string(), (known) => {
      expect(isNews({ version: 1, createdAt }, known)).toBe(true)
    }),
  )
})

it('carries every error code over the wire and back', () => {
  for (const code of errorCodes) {
    const issues = [{ pointer: '/input', code: 'invalid', message: 'is not a date' }]
    const error = new LonghaulError(code, 'What, why, what to do.', { issues })
    const back = fromProblem(JSON.parse(JSON.stringify(asProblem(error))))
    expect(back).toMatchObject({ code, message: error.message, issues })
  }
})

it('tells nothing about an error that was not thrown on purpose', () => {
  const problem = asProblem(new Error('password is hunter2'), 'req_1')
  expect(JSON.stringify(problem)).not.toContain('hunter2')
  expect(problem).toMatchObject({ status: 500, code: 'internal', requestId: 'req_1' })
})

it('B33: keeps an event on one line whatever text it carries', () => {
  const text = formatSse(encodeFrame({ event: 'gone', data: { id: 'a\n\ndata: x\r\u2028' } }))
  expect(text.split('\n')).toHaveLength(4)
  expect(text).not.toContain('\r')
})
