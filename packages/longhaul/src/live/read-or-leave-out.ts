import { LonghaulError } from '../core/index.js'

/**
 * Read what waits, some at a time, until nothing is left. When some cannot be read together each of them is read alone, so that
 * one that cannot be read keeps none of the others; it is left out, and waits for the next time.
 *
 * @param next what is to be read together now, without what is left out
 * @param read what fails must be as if it had not been begun
 * @throws the last failure, once all else has been read; at once when it is the database that is away
 */
export async function readOrLeaveOut<T>(
  next: (leftOut: ReadonlySet<T>) => readonly T[],
  read: (some: readonly T[]) => Promise<void>,
): Promise<void> {
  const leftOut = new Set<T>()
  let failure: unknown

  async function tryToRead(some: readonly T[]): Promise<void> {
    try {
      await read(some)
    } catch (error) {
      if (LonghaulError.is(error, 'database_unavailable')) throw error
      if (some.length > 1) for (const one of some) await tryToRead([one])
      else {
        leftOut.add(some[0]!)
        failure = error
      }
    }
  }

  for (let some = next(leftOut); some.length > 0; some = next(leftOut)) await tryToRead(some)
  if (leftOut.size > 0) throw failure
}
