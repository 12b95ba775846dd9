import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedactor } from './redactor.js'

describe('a redactor', () => {
  it('replaces what it knows, also as a part of a URL, and leaves the rest', () => {
    const redactor = createRedactor()
    expect(redactor.isNeeded()).toBe(false)
    redactor.conceal('sk/live 123')
    redactor.conceal('sk/live 123456')
    expect(redactor.redact('key sk/live 123456 and ?k=sk%2Flive%20123!')).toBe(
      'key [secret] and ?k=[secret]!',
    )
    expect(redactor.redact('sk/live')).toBe('sk/live')
  })

  it('leaves short texts alone, which could be a part of anything', () => {
    const redactor = createRedactor()
    redactor.conceal('true')
    expect(redactor.redact('it is true')).toBe('it is true')
  })

  it('lets no secret through, wherever it stands', () => {
    const text = fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' })
    fc.assert(
      fc.property(text, fc.string(), fc.string(), (secret, before, after) => {
        fc.pre(!'[secret]'.includes(secret))
        const redactor = createRedactor()
        redactor.conceal(secret)
        expect(redactor.redact(`${before}${secret}${after}`)).not.toContain(secret)
      }),
    )
  })
})
