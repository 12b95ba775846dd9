import { pause, wallMs } from '../../harness/clock.mjs'
import { waits } from '../../harness/quantiles.mjs'

const warmUps = 20

/** Milliseconds from the call to enqueue until the handler starts, in an idle worker of another process. */
export async function startsOf({ system, startWorkers, count, seconds }) {
  const workers = await startWorkers(1)
  await workers.go()
  const taken = []
  const end = performance.now() + 2 * seconds * 1000
  for (let n = 0; n < count + warmUps && performance.now() < end; n += 1) {
    const at = wallMs()
    await system.enqueue({ trace: n })
    taken.push((await workers.saw(n)) - at)
    await pause()
  }
  await workers.stop()
  return waits(taken.slice(Math.min(warmUps, taken.length - 1)))
}

export const works = [
  {
    name: 'idle: enqueue to start',
    isHeadline: true,
    kind: 'noop',
    count: 200,
    least: 10,
    measure: startsOf,
  },
]
