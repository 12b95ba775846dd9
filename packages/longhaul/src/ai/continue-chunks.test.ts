import type { UIMessageChunk } from 'ai'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createChunkContinuation } from './continue-chunks.js'
import { mergeDeltas } from './merge-deltas.js'

function text(words: readonly string[], id = 't'): UIMessageChunk[] {
  return [
    { type: 'start-step' },
    { type: 'text-start', id },
    ...words.map((delta): UIMessageChunk => ({ type: 'text-delta', id, delta })),
    { type: 'text-end', id },
    { type: 'finish-step' },
  ]
}

/** The texts of an answer in order, as `useChat` puts them together. */
function shown(chunks: readonly UIMessageChunk[]): string[] {
  const open = new Map<string, number>()
  const texts: string[] = []
  for (const chunk of chunks) {
    if (chunk.type === 'text-start') open.set(chunk.id, texts.push('') - 1)
    if (chunk.type === 'text-delta') texts[open.get(chunk.id)!] += chunk.delta
    if (chunk.type === 'text-end') open.delete(chunk.id)
  }
  expect(open.size).toBe(0)
  return texts
}

describe('an answer that is written again', () => {
  it('shows nothing twice when it comes out as before, wherever it broke off and however it is cut', () => {
    const words = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(words, words, fc.nat(), fc.boolean(), (first, second, at, merged) => {
        const whole = [...text(first), ...text(second)]
        const { next, restart } = createChunkContinuation()
        const before = next(whole.slice(0, at % whole.length))
        restart()
        const after = next(merged ? mergeDeltas(whole) : whole)
        expect(shown([...before, ...after])).toEqual([first.join(''), second.join('')])
        expect([...before, ...after].filter(({ type }) => type === 'start-step')).toHaveLength(2)
      }),
    )
  })

  it('ends a text that comes out differently, and shows the new one whole', () => {
    const { next, restart } = createChunkContinuation()
    const before = next(text(['It ', 'is ', 'cold']).slice(0, 4))
    restart()
    const after = next(text(['It ', 'was ', 'warm']))
    expect(shown([...before, ...after])).toEqual(['It is ', 'It was warm'])
  })
})
