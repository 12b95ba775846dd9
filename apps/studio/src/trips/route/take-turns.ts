import { setImmediate as nextTurn } from 'node:timers/promises'

/**
 * Lets long computations take turns. However many of them wait, one goes on in each turn of the event
 * loop: what is waiting for the loop, a request or a cancellation, waits for one slice and not for fifty.
 */
export function createTurns(): () => Promise<void> {
  let last: Promise<unknown> = Promise.resolve()
  return () => {
    const mine = last.then(() => nextTurn())
    last = mine
    return mine
  }
}
