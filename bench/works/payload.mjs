/** The input of every job here: some 100 bytes. */
export const payload = (id) => ({
  id,
  email: 'someone@example.com',
  tags: ['a', 'b'],
  note: 'x'.repeat(40),
})

const piece = 1000

/** @returns inputs in pieces, for calls that take many */
export function* piecesOf(count, inputOf = payload) {
  for (let from = 0; from < count; from += piece) {
    const length = Math.min(piece, count - from)
    yield Array.from({ length }, (_, n) => inputOf(from + n))
  }
}

/** `count` calls, `callers` at a time, or as many as the time allows. @returns how many it were */
export async function withCallers({ count, callers, seconds = Infinity }, call) {
  const end = performance.now() + seconds * 1000
  let next = 0
  const caller = async () => {
    while (next < count && performance.now() < end) {
      const id = next
      next += 1
      await call(id)
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  return next
}

/** Puts `count` jobs into the queue, or as many as the time allows. @returns how many it were */
export async function fill(system, { count, seconds, inputOf = payload }) {
  if (system.bulk === undefined) {
    return withCallers({ count, callers: 32, seconds }, (id) => system.enqueue(inputOf(id)))
  }
  for (const inputs of piecesOf(count, inputOf)) await system.bulk(inputs)
  return count
}
