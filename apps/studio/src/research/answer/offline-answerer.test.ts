import { describe, expect, it } from 'vitest'
import type { FoundNote } from '../library.js'
import { quote } from './offline-answerer.js'

const note = (...ranks: number[]): FoundNote => ({
  noteId: 'n',
  title: 'A note',
  excerpt: [],
  sentences: ranks.map((rank, n) => ({ text: `Sentence ${n} of rank ${rank}.`, rank })),
})

describe('an answer without a language model', () => {
  it('is the best sentences of each note, in its own order, with where they are from, and none that is there by chance', () => {
    expect(quote({ question: '', notes: [note(0.1, 0.4, 0.3), note(0.5), note(0.1)] })).toEqual([
      'Sentence 1 of rank 0.4. Sentence 2 of rank 0.3. [1]',
      '\n\nSentence 0 of rank 0.5. [2]',
    ])
  })

  it('stays short, and takes no number in a note for a citation', () => {
    const many = quote({ question: '', notes: [1, 2, 3, 4, 5].map(() => note(0.1, 0.2, 0.3)) })
    expect(many.join('').match(/Sentence/g)).toHaveLength(6)
    const text = 'It says [2] here.'
    expect(quote({ question: '', notes: [{ ...note(), sentences: [{ text, rank: 1 }] }] })).toEqual(
      ['It says (2) here. [1]'],
    )
  })
})
