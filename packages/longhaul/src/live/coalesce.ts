import { setTimeout as delay } from 'node:timers/promises'
import { type Pace, restAfter } from '../core/index.js'

/**
 * Do `work` at once when asked, then as often as the pace allows, and never twice at a time. What is
 * asked for meanwhile is one further time.
 */
export function coalesce(pace: Pace, work: () => Promise<void>): () => void {
  let asked = false
  let busy = false

  async function run(): Promise<void> {
    busy = true
    while (asked) {
      asked = false
      const begunAt = performance.now()
      await work()
      await delay(restAfter(performance.now() - begunAt, pace))
    }
    busy = false
  }

  return () => {
    asked = true
    if (!busy) void run()
  }
}
