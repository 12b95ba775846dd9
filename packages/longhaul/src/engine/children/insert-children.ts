import { setTimeout as delay } from 'node:timers/promises'
import {
  type Database,
  failureKind,
  type Hints,
  inheritDeadline,
  insertJobs,
  type NewJob,
  type OwnDatabase,
  pulseJobs,
  type StepPulse,
} from '../../postgres/index.js'
import { piecesOf } from '../batcher.js'
import { announceInserted } from '../enqueue/announce-inserted.js'
import { jittered } from '../worker/alarm.js'
import type { RunningJob } from '../worker/running-job.js'

/** A job to insert, and the step of its parent that waits for it. */
export interface NewChild {
  readonly row: NewJob
  readonly step: StepPulse
}

const againMs = 20

/**
 * Insert the children of a running job, together with the steps that wait for them: whoever runs
 * the parent next finds both or neither, and so spawns nothing twice.
 *
 * @throws the job's stop reason when it has to stop, of which this may be the first to hear
 */
export async function insertChildren(
  { db, hints }: { readonly db: OwnDatabase; readonly hints: Hints },
  job: RunningJob,
  children: readonly NewChild[],
): Promise<void> {
  for (;;) {
    try {
      if (await db.transaction((tx) => insertUnderLock(tx, job, children))) break
    } catch (error) {
      const stopped = job.stopError()
      if (stopped !== undefined) throw stopped
      const kind = failureKind(error)
      // The same rows are sent again under the same ids, so an answer that was lost does no harm.
      if (kind !== 'unavailable' && kind !== 'conflict') throw error
    }
    await delay(jittered(againMs))
  }
  announceInserted(
    hints,
    children.map(({ row }) => row),
  )
}

/** @returns false when somebody else has the parent locked */
export async function insertUnderLock(
  tx: Database,
  job: RunningJob,
  children: readonly NewChild[],
): Promise<boolean> {
  const [parent] = await tx.run(
    pulseJobs([{ ...job.claimed, steps: children.map(({ step }) => step) }]),
  )
  if (parent === undefined) return false
  if (!parent.held) job.stop('lease_lost')
  else if (parent.cancelRequested) job.stop('cancelled')
  // Thrown inside the transaction: a child that comes after its parent's cancellation would not be cancelled with it.
  if (!parent.held || parent.cancelRequested) throw job.stopError()!
  for (const piece of piecesOf(children, ({ row }) => row.input.length)) {
    await tx.run(insertJobs(piece.map(({ row }) => row)))
  }
  if (job.claimed.deadlineInMs !== null) {
    await tx.run(
      inheritDeadline(
        job.claimed,
        children.map(({ row }) => row.id),
      ),
    )
  }
  return true
}
