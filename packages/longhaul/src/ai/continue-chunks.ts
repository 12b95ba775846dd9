import type { UIMessageChunk } from 'ai'

/** Passes chunks on, and knows what it has passed. */
export interface ChunkContinuation {
  /** What of these is still to be shown. */
  next(chunks: readonly UIMessageChunk[]): UIMessageChunk[]
  /** The answer is written again from its start: what is the same as before is not shown twice. */
  restart(): void
}

type DeltaChunk = Extract<UIMessageChunk, { readonly type: 'text-delta' | 'reasoning-delta' }>

interface Text {
  /** As it is shown: a text that came out differently was given another id. */
  id: string
  shown: string
  again: string
}

/**
 * `useChat` cannot take back what it has shown. When an answer is written again, what comes out of
 * stored steps is the same as before and is passed over; a text that the model writes differently
 * the second time is ended where it was, and follows anew.
 */
export function createChunkContinuation(): ChunkContinuation {
  const texts = new Map<string, Text>()
  const shownCounts = new Map<string, number>()
  let againCounts = new Map<string, number>()
  let uses = new Map<string, number>()
  let editions = 0

  function textOf(type: string, id: string): Text {
    const kind = type.slice(0, type.lastIndexOf('-'))
    const key = `${kind} ${id} ${uses.get(`${kind} ${id}`) ?? 0}`
    const text = texts.get(key) ?? { id, shown: '', again: '' }
    texts.set(key, text)
    return text
  }

  function isNew(key: string): boolean {
    const count = (againCounts.get(key) ?? 0) + 1
    againCounts.set(key, count)
    if (count <= (shownCounts.get(key) ?? 0)) return false
    shownCounts.set(key, count)
    return true
  }

  function delta(chunk: DeltaChunk): UIMessageChunk[] {
    const text = textOf(chunk.type, chunk.id)
    text.again += chunk.delta
    if (text.shown.startsWith(text.again)) return []
    if (text.again.startsWith(text.shown)) {
      const rest = text.again.slice(text.shown.length)
      text.shown = text.again
      return [{ ...chunk, id: text.id, delta: rest }]
    }
    const kind = chunk.type.slice(0, chunk.type.lastIndexOf('-')) as 'text' | 'reasoning'
    const before = text.id
    editions += 1
    text.id = `${chunk.id}~${editions}`
    text.shown = text.again
    return [
      { type: `${kind}-end`, id: before },
      { type: `${kind}-start`, id: text.id },
      { ...chunk, id: text.id, delta: text.again },
    ]
  }

  function one(chunk: UIMessageChunk): UIMessageChunk[] {
    switch (chunk.type) {
      case 'text-start':
      case 'reasoning-start': {
        const key = `${chunk.type.slice(0, -6)} ${chunk.id}`
        uses.set(key, (uses.get(key) ?? 0) + 1)
        return isNew(`${chunk.type} ${chunk.id}`) ? [chunk] : []
      }
      case 'text-delta':
      case 'reasoning-delta':
        return delta(chunk)
      case 'text-end':
      case 'reasoning-end':
        return isNew(`${chunk.type} ${chunk.id}`)
          ? [{ ...chunk, id: textOf(chunk.type, chunk.id).id }]
          : []
      default:
        return isNew(JSON.stringify(chunk)) ? [chunk] : []
    }
  }

  return {
    next: (chunks) => chunks.flatMap(one),
    restart() {
      againCounts = new Map()
      uses = new Map()
      for (const text of texts.values()) text.again = ''
    },
  }
}
