import { type Frame, parsePlace, type StreamWatch } from '../../protocol/index.js'
import { lostPlace, type StreamStore } from '../stream-store.js'

/** What a reader who is at `place` lacks of what the store has, and its place then. */
export function streamNews(
  streams: StreamStore,
  place: StreamWatch,
): { readonly frames: readonly Frame[]; readonly next: StreamWatch } {
  const { job, stream } = place
  const { state, chunks, status } = streams.stream(job, stream).getSnapshot()
  const { seq, resetAt, createdAt, version } = streams.placeOf(job, stream)
  if (state === 'loading') return { frames: [], next: place }
  // Not before: it lets in what comes from then on, and the server may not have been asked yet.
  const next = streams.watchOf(job, stream)
  if (state === 'gone')
    return { frames: [{ event: 'chunk', data: { job, stream, gone: true } }], next }
  // This store is about to be told all of it itself.
  if (createdAt === undefined || next.from === lostPlace) return { frames: [], next: place }
  const asked = parsePlace(place.from ?? '0')
  const reader = asked ?? { seq: 0 }
  const isSameText = reader.createdAt === createdAt
  // This store has only begun to read it.
  if (isSameText && reader.seq > seq) return { frames: [], next: place }
  // A chunk can stand for many that were put together: who stopped inside of it has half of it.
  const isBetweenChunks =
    reader.seq === seq || reader.seq === resetAt || chunks.some((chunk) => chunk.seq === reader.seq)
  const isPossible = isSameText && isBetweenChunks && reader.seq >= resetAt
  const canGoOn = asked !== undefined && (reader.seq === 0 || isPossible)
  const after = canGoOn ? reader.seq : 0
  const at = { job, stream, createdAt }
  const frames: Frame[] = chunks
    .filter((chunk) => chunk.seq > after)
    .map((chunk) => ({ event: 'chunk', data: { ...at, ...chunk } }))
  // Who has heard nothing of this text yet is told that it has begun, also when nothing is written.
  const isNewAndEmpty = !isSameText && frames.length === 0
  if (!canGoOn || isNewAndEmpty)
    frames.unshift({ event: 'chunk', data: { ...at, seq: 0, restart: true } })
  // What is told anew has not ended for the reader.
  const ended = frames.length > 0 ? undefined : place.ended
  if (next.ended !== ended) {
    // That it goes on this store may know by what was written, and not by a version.
    const told = Math.max(version, status === undefined ? (ended ?? 0) : 0)
    frames.push({ event: 'end', data: { ...at, seq, version: told, status: status ?? null } })
  }
  return { frames, next }
}
