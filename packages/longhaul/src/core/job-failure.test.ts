import { expect, it } from 'vitest'
import { describeFailure, JobFailure } from './job-failure.js'

it('keeps the code, the context and whether another attempt could help', () => {
  const thrown = new JobFailure('No such place.', {
    code: 'destination_not_found',
    context: { destination: 'Atlantis' },
    retryable: false,
  })
  expect(describeFailure(thrown)).toEqual({
    code: 'destination_not_found',
    message: 'No such place.',
    context: { destination: 'Atlantis' },
    retryable: false,
  })
})

it('describes anything that can be thrown', () => {
  expect(describeFailure('plain text')).toMatchObject({
    code: 'handler_error',
    message: 'plain text',
  })
  expect(describeFailure(undefined)).toMatchObject({ message: 'undefined' })
  expect(describeFailure(new TypeError('bad \0 byte'))).toEqual({
    code: 'handler_error',
    message: 'bad \uFFFD byte',
    context: null,
    retryable: true,
  })
})

it('keeps of a code what can be stored', () => {
  const codes = ['\0', `${'x'.repeat(63)}🦆`].map(
    (code) => describeFailure(new JobFailure('No.', { code })).code,
  )
  expect(codes).toEqual(['\uFFFD', `${'x'.repeat(63)}\uFFFD`])
})

it('does not lose a failure because its context cannot be stored', () => {
  const thrown = new JobFailure('Broken.', { code: 'broken', context: 1n as never })
  expect(describeFailure(thrown)).toMatchObject({
    code: 'broken',
    context: { unstorable: expect.stringContaining('bigint') },
  })
})

it('does not take a database driver for a job failure because its errors have a code', () => {
  const thrown = Object.assign(new Error('duplicate key'), { code: '23505' })
  expect(describeFailure(thrown).code).toBe('handler_error')
})

it.each([
  ['a message that is no text', Object.assign(new Error(), { message: { code: 7 } }), '{"code":7}'],
  ['an object', { reason: 'tired' }, '{"reason":"tired"}'],
  ['an object without text', Object.assign(Object.create(null), { big: 1n }), 'no text'],
  ['nothing', undefined, 'undefined'],
])('describes %s', (_, thrown, text) => {
  const { code, message } = describeFailure(thrown)
  expect(code).toBe('handler_error')
  expect(message).toContain(text)
})
