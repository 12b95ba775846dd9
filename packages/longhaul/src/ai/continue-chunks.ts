import type { UIMessageChunk } from 'ai'

/** Passes chunks on, and knows what it has passed. */
export interface ChunkContinuation {
  /** What of these is still to be shown. */
  next(chunks: readonly UIMessageChunk[]): UIMessageChunk[]
  /** The answer is written again from its start: what is the same as before is not shown twice. */
  restart(): void
}

type DeltaChunk = Extract<UIMessageChunk, { readonly type: 'text-delta' | 'reasoning-delta' }>
type EndChunk = Extract<UIMessageChunk, { readonly type: 'text-end' | 'reasoning-end' }>

type InputChunk = Extract<UIMessageChunk, { readonly type: 'tool-input-delta' }>

/** What is written piece by piece: stored steps have it in other pieces than it came in. */
interface Passage {
  shown: string
  again: string
  /** What has ended cannot go on, and not end again. */
  isEnded: boolean
}

interface Text extends Passage {
  readonly kind: 'text' | 'reasoning'
  /** As it is shown: a text that came out differently was given another id. */
  id: string
}

/**
 * `useChat` cannot take back what it has shown. When an answer is written again, what comes out of
 * stored steps is the same as before and is passed over; a text that the model writes differently
 * the second time is ended where it was, if it has not ended yet, and follows anew.
 */
export function createChunkContinuation(): ChunkContinuation {
  const texts = new Map<string, Text>()
  const inputs = new Map<string, Passage>()
  const shownCounts = new Map<string, number>()
  let againCounts = new Map<string, number>()
  let uses = new Map<string, number>()
  let editions = 0

  function textOf({ type, id }: { readonly type: string; readonly id: string }): Text {
    const kind = type.slice(0, type.lastIndexOf('-')) as Text['kind']
    const key = `${kind} ${id} ${uses.get(`${kind} ${id}`) ?? 0}`
    const text = texts.get(key) ?? { kind, id, shown: '', again: '', isEnded: false }
    texts.set(key, text)
    return text
  }

  function inputOf(toolCallId: string): Passage {
    const key = `input ${toolCallId}`
    const nth = `${key} ${uses.get(key) ?? 0}`
    const input = inputs.get(nth) ?? { shown: '', again: '', isEnded: false }
    inputs.set(nth, input)
    return input
  }

  function begin(key: string): void {
    uses.set(key, (uses.get(key) ?? 0) + 1)
  }

  function isNew(key: string): boolean {
    const count = (againCounts.get(key) ?? 0) + 1
    againCounts.set(key, count)
    if (count <= (shownCounts.get(key) ?? 0)) return false
    shownCounts.set(key, count)
    return true
  }

  function delta(chunk: DeltaChunk): UIMessageChunk[] {
    const text = textOf(chunk)
    text.again += chunk.delta
    if (!text.isEnded && text.again.startsWith(text.shown)) {
      const rest = text.again.slice(text.shown.length)
      text.shown = text.again
      // Also when it is empty: a provider's signature of a reasoning comes so.
      return [{ ...chunk, id: text.id, delta: rest }]
    }
    return text.shown.startsWith(text.again) ? [] : anew(text, chunk)
  }

  /** One that comes out differently is shown when it is whole. */
  function inputDelta(chunk: InputChunk): UIMessageChunk[] {
    const input = inputOf(chunk.toolCallId)
    input.again += chunk.inputTextDelta
    if (input.isEnded || !input.again.startsWith(input.shown)) return []
    const rest = input.again.slice(input.shown.length)
    input.shown = input.again
    return rest === '' ? [] : [{ ...chunk, inputTextDelta: rest }]
  }

  function end(chunk: EndChunk): UIMessageChunk[] {
    const text = textOf(chunk)
    const shorter = text.again === text.shown ? [] : anew(text, chunk)
    if (text.isEnded) return []
    text.isEnded = true
    return [...shorter, { ...chunk, id: text.id }]
  }

  /** It came out differently: what is shown ends, and the whole of it follows. */
  function anew(text: Text, chunk: DeltaChunk | EndChunk): UIMessageChunk[] {
    const ended = ending(text)
    editions += 1
    text.id = `${chunk.id}~${editions}`
    text.shown = text.again
    text.isEnded = false
    return [
      ...ended,
      { type: `${text.kind}-start`, id: text.id },
      { ...chunk, type: `${text.kind}-delta`, id: text.id, delta: text.again },
    ]
  }

  function ending(text: Text): UIMessageChunk[] {
    if (text.isEnded) return []
    text.isEnded = true
    return [{ type: `${text.kind}-end`, id: text.id }]
  }

  const endings = (): UIMessageChunk[] => [...texts.values()].flatMap(ending)

  function one(chunk: UIMessageChunk): UIMessageChunk[] {
    switch (chunk.type) {
      case 'text-start':
      case 'reasoning-start':
        begin(`${chunk.type.slice(0, -6)} ${chunk.id}`)
        textOf(chunk)
        return isNew(`${chunk.type} ${chunk.id}`) ? [chunk] : []
      case 'text-delta':
      case 'reasoning-delta':
        return delta(chunk)
      case 'text-end':
      case 'reasoning-end':
        return end(chunk)
      case 'tool-input-start':
        begin(`input ${chunk.toolCallId}`)
        // Also one that comes out differently: `useChat` would begin its input anew, and get the rest of it alone.
        return isNew(`${chunk.type} ${chunk.toolCallId}`) ? [chunk] : []
      case 'tool-input-delta':
        return inputDelta(chunk)
      case 'tool-input-available':
      case 'tool-input-error':
        inputOf(chunk.toolCallId).isEnded = true
        return isNew(JSON.stringify(chunk)) ? [chunk] : []
      case 'finish-step':
        // `useChat` forgets with it which texts are open: the next step cannot go on with them.
        return isNew(chunk.type) ? [...endings(), chunk] : []
      case 'finish':
        return [...endings(), ...(isNew(JSON.stringify(chunk)) ? [chunk] : [])]
      default:
        return isNew(JSON.stringify(chunk)) ? [chunk] : []
    }
  }

  return {
    next: (chunks) => chunks.flatMap(one),
    restart() {
      againCounts = new Map()
      uses = new Map()
      for (const passage of [...texts.values(), ...inputs.values()]) passage.again = ''
    },
  }
}
