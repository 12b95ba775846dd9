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

function answer(texts: readonly (readonly string[])[]): UIMessageChunk[] {
  return [...texts.flatMap((words) => text(words)), { type: 'finish' }]
}

/**
 * The texts of an answer in order, as `useChat` puts them together: it throws when a text that is
 * not open goes on or ends.
 */
function shown(chunks: readonly UIMessageChunk[]): string[] {
  const open = new Map<string, number>()
  const texts: string[] = []
  for (const chunk of chunks) {
    if (chunk.type === 'finish-step') expect(open.size).toBe(0)
    if (chunk.type === 'text-start') open.set(chunk.id, texts.push('') - 1)
    if (chunk.type === 'text-delta' || chunk.type === 'text-end')
      expect([...open.keys()]).toContain(chunk.id)
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

  it.each([
    ['otherwise', ['It ', 'was ', 'warm']],
    ['longer', ['It ', 'is ', 'cold', ' now']],
    ['shorter', ['It ']],
  ])('shows a text that had ended and comes out %s after it', (_how, words) => {
    const { next, restart } = createChunkContinuation()
    const before = next(text(['It ', 'is ', 'cold']).slice(0, -1))
    restart()
    expect(shown([...before, ...next(text(words))])).toEqual(['It is cold', words.join('')])
  })

  it('shows a text that had not ended and comes out shorter after it', () => {
    const { next, restart } = createChunkContinuation()
    const before = next(text(['It ', 'is ', 'cold']).slice(0, -2))
    restart()
    expect(shown([...before, ...next(text(['It ', 'is ']))])).toEqual(['It is cold', 'It is '])
  })

  it('ends a text that it does not come to again before the next step', () => {
    const { next, restart } = createChunkContinuation()
    const before = next(text(['It ', 'is ']).slice(0, -2))
    restart()
    const after = next([{ type: 'start-step' }, { type: 'finish-step' }, ...text(['It ', 'was '])])
    expect(shown([...before, ...after])).toEqual(['It is ', 'It was '])
  })

  it('shows its last edition whole, wherever those before it broke off', () => {
    const words = fc.array(fc.constantFrom('a ', 'b '), { maxLength: 4 })
    const edition = fc.record({ texts: fc.array(words, { maxLength: 3 }), at: fc.nat() })
    fc.assert(
      fc.property(edition, edition, edition, fc.boolean(), (first, second, last, merged) => {
        const { next, restart } = createChunkContinuation()
        const chunks: UIMessageChunk[] = []
        for (const { texts, at } of [first, second]) {
          const whole = answer(texts)
          chunks.push(...next(whole.slice(0, at % (whole.length + 1))))
          restart()
        }
        const whole = answer(last.texts)
        chunks.push(...next(merged ? mergeDeltas(whole) : whole))
        const written = last.texts.map((each) => each.join(''))
        expect(shown(chunks)).toEqual(expect.arrayContaining(written))
      }),
    )
  })

  const toolCallId = 'c'
  const begun: UIMessageChunk = { type: 'tool-input-start', toolCallId, toolName: 'search' }
  const piece = (inputTextDelta: string): UIMessageChunk => ({
    type: 'tool-input-delta',
    toolCallId,
    inputTextDelta,
  })
  const known = (input: object): UIMessageChunk => ({
    type: 'tool-input-available',
    toolCallId,
    toolName: 'search',
    input,
  })
  const output: UIMessageChunk = { type: 'tool-output-available', toolCallId, output: 1 }

  it('shows no input of a tool again, however it was cut', () => {
    const { next, restart } = createChunkContinuation()
    const live = [begun, piece('{"ci'), piece('ty":1}'), known({ city: 1 }), output]
    expect(next(live)).toEqual(live)
    restart()
    expect(next([begun, piece('{"city":1}'), known({ city: 1 }), output])).toEqual([])
  })

  it('goes on with the input of a tool where it broke off', () => {
    const { next, restart } = createChunkContinuation()
    next([begun, piece('{"ci')])
    restart()
    const rest = [piece('ty":1}'), known({ city: 1 }), output]
    expect(next([begun, piece('{"city":1}'), ...rest.slice(1)])).toEqual(rest)
  })

  it('shows an input of a tool that comes out differently when it is whole', () => {
    const { next, restart } = createChunkContinuation()
    next([begun, piece('{"ci')])
    restart()
    expect(next([begun, piece('{"to'), piece('wn":1}'), known({ town: 1 })])).toEqual([
      known({ town: 1 }),
    ])
  })

  it('begins no input of a tool anew when its beginning comes out differently', () => {
    const { next, restart } = createChunkContinuation()
    next([begun, piece('{"ci')])
    restart()
    const again: UIMessageChunk = { ...begun, providerMetadata: { some: { id: 2 } } }
    expect(next([again, piece('{"city":1}'), known({ city: 1 })])).toEqual([
      piece('ty":1}'),
      known({ city: 1 }),
    ])
  })

  it('shows the inputs of two calls that have one id', () => {
    const twice = [begun, piece('{}'), known({}), output, begun, piece('{}'), known({}), output]
    const { next, restart } = createChunkContinuation()
    expect(next(twice)).toEqual(twice)
    restart()
    expect(next(twice)).toEqual([])
  })

  it('passes on what comes with an empty delta, as the signature of a reasoning does', () => {
    const providerMetadata = { anthropic: { signature: 's' } }
    const signed: UIMessageChunk = { type: 'reasoning-delta', id: 'r', delta: '', providerMetadata }
    const chunks = createChunkContinuation().next([
      { type: 'reasoning-start', id: 'r' },
      { type: 'reasoning-delta', id: 'r', delta: 'Well' },
      signed,
      { type: 'reasoning-end', id: 'r' },
    ])
    expect(chunks).toContainEqual(signed)
  })
})
