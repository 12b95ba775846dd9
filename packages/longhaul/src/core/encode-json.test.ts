import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeJson } from './encode-json.js'
import { LonghaulError } from './errors.js'

const what = 'the input'
const encode = (value: unknown): string => encodeJson(value, { what })

describe('encoding a value as JSON', () => {
  it('gives back every JSON value unchanged, or names what it cannot hold', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const plain = JSON.stringify(value)
        try {
          expect(JSON.parse(encode(value))).toEqual(JSON.parse(plain))
        } catch (error) {
          if (!LonghaulError.is(error)) throw error
          expect(['invalid_character', 'forbidden_key']).toContain(error.code)
          expect(plain).toMatch(/u0000|ud[89a-f]|__proto__/)
        }
      }),
    )
  })

  it('leaves out members that are undefined', () => {
    expect(encode({ a: 1, b: undefined })).toBe('{"a":1}')
  })

  it.each<[string, unknown, string, string]>([
    ['NaN', { a: [Number.NaN] }, 'not_json', '/a/0'],
    ['a bigint', { a: 1n }, 'not_json', '/a'],
    ['a Date', { at: new Date(0) }, 'not_json', '/at'],
    ['a Map', { m: new Map() }, 'not_json', '/m'],
    ['bytes', { b: new Uint8Array(2) }, 'not_json', '/b'],
    ['a function', { f: () => 1 }, 'not_json', '/f'],
    ['undefined in an array', [undefined], 'not_json', '/0'],
    ['undefined itself', undefined, 'not_json', ''],
    ['U+0000', { 'a/b': 'x\0' }, 'invalid_character', '/a~1b'],
    ['half of a surrogate pair', { a: '\ud800' }, 'invalid_character', '/a'],
    ['__proto__', JSON.parse('{"__proto__": 1}'), 'forbidden_key', '/__proto__'],
  ])('B10: refuses %s and says where it is', (_, value, code, pointer) => {
    expect(() => encode(value)).toThrow(
      expect.objectContaining({ code, issues: [expect.objectContaining({ pointer })] }),
    )
  })

  it('refuses a value that contains itself', () => {
    const value: { self?: unknown } = {}
    value.self = { value }
    expect(() => encode(value)).toThrow(expect.objectContaining({ code: 'not_json' }))
  })

  it('takes the same object twice, which is no cycle', () => {
    const shared = { a: 1 }
    expect(encode([shared, shared])).toBe('[{"a":1},{"a":1}]')
  })

  it('refuses what is too deep, has too many members or too many bytes', () => {
    let deep: unknown = 1
    for (let n = 0; n < 65; n += 1) deep = [deep]
    const wide = Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [`k${n}`, n]))
    expect(() => encode(deep)).toThrow(expect.objectContaining({ code: 'too_deep' }))
    expect(() => encode(wide)).toThrow(expect.objectContaining({ code: 'too_complex' }))
    expect(() => encodeJson('é'.repeat(10), { what, maxBytes: 21 })).toThrow(
      expect.objectContaining({ code: 'payload_too_large' }),
    )
  })

  it("B9: replaces what cannot be stored in a handler's output, so that finished work is kept", () => {
    const text = encodeJson({ said: 'a\0b\ud800c😀' }, { what, badCharacters: 'replace' })
    expect(JSON.parse(text)).toEqual({ said: 'a\uFFFDb\uFFFDc😀' })
  })
})
