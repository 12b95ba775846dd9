import { describe, expect, it } from 'vitest'
import { limits } from '../core/index.js'
import { parseJsonText } from './json-text.js'

const members = (count: number): string =>
  `{${Array.from({ length: count }, (_, n) => `"k${n}":1`).join()}}`
const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`
const batch = (input: string): string => `{"jobs":[{"input":${input}},{"input":${input}}]}`

describe('the limits of a body', () => {
  it('are those of each job of many, and not of all together', () => {
    const text = batch(members(limits.jsonKeys - 1))
    expect(parseJsonText(text)).toMatchObject({ jobs: [{}, {}] })
    expect(parseJsonText(batch(nested(limits.jsonDepth)))).toMatchObject({ jobs: [{}, {}] })
  })

  it.each([
    ['too_complex', `{"input":${members(limits.jsonKeys + 1)}}`],
    ['too_complex', batch(members(limits.jsonKeys + 1))],
    ['too_deep', batch(nested(limits.jsonDepth + 1))],
  ])('refuse what is %s', (code, text) => {
    expect(() => parseJsonText(text)).toThrowError(expect.objectContaining({ code }))
  })
})
