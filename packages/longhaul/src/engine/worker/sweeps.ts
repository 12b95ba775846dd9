/**
 * What any worker does for all. One look every few seconds says which sweeps have something to do,
 * and hints say it sooner; an idle app makes that one statement. Any number of processes can sweep at
 * once and no leader is needed: each sweep is one conditional statement that takes rows which nobody
 * else has locked. A sweep that fails is tried again soon.
 */
import { findDue, type Hint, runOne } from '../../postgres/index.js'
import { type Alarm, createAlarm, jittered } from './alarm.js'
import { type Sweep, sweepsFor, type SweepsOptions } from './each-sweep.js'

export interface Sweeps {
  stop(): Promise<void>
}

const dueMs = 5000
/** A timer cannot wait for more than 24 days. */
const longestMs = 3_600_000
const afterFailureMs = 1000

export function startSweeps(options: SweepsOptions): Sweeps {
  const { db, hints, logger, rescueMs } = options
  const alarms = new Map<Sweep, Alarm>()
  let stopped = false

  async function repeat(sweep: Sweep): Promise<void> {
    const alarm = createAlarm()
    alarms.set(sweep, alarm)
    while (!stopped) {
      const wait = await sweep.look().catch((error: unknown) => {
        logger.debug({ error }, `${sweep.what} failed; trying again soon`)
        return afterFailureMs
      })
      if (!stopped) await alarm.wait(Math.min(wait, longestMs))
    }
  }

  const lookForAll: Sweep = {
    what: 'looking for what is due',
    async look() {
      const due = (await runOne(db, findDue()))!
      ring(({ isDue }) => isDue?.(due) === true)
      return jittered(Math.min(dueMs, rescueMs))
    },
  }

  function ring(which: (sweep: Sweep) => boolean): void {
    for (const [sweep, alarm] of alarms) if (which(sweep)) alarm.ring()
  }

  const loops = [...sweepsFor(options), lookForAll].map(repeat)
  const unsubscribe = hints.subscribe((hint: Hint) =>
    ring(({ isTold }) => hint.everything === true || isTold?.(hint) === true),
  )

  return {
    async stop() {
      stopped = true
      unsubscribe()
      ring(() => true)
      await Promise.all(loops)
    },
  }
}
