import type { UIMessageChunk } from 'ai'

/** Neighbouring deltas of one text as one: what was written before somebody came is shown at once. */
export function mergeDeltas(chunks: readonly UIMessageChunk[]): UIMessageChunk[] {
  const merged: UIMessageChunk[] = []
  for (const chunk of chunks) {
    const last = merged.at(-1)
    const isSame =
      (chunk.type === 'text-delta' || chunk.type === 'reasoning-delta') &&
      last?.type === chunk.type &&
      last.id === chunk.id
    if (isSame) merged[merged.length - 1] = { ...last, ...chunk, delta: last.delta + chunk.delta }
    else merged.push(chunk)
  }
  return merged
}
