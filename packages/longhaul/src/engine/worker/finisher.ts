import { setTimeout as delay } from 'node:timers/promises'
import { failure, type Logger } from '../../core/index.js'
import {
  type Database,
  failureKind,
  findPresent,
  type Finish,
  finishJobs,
  type FinishRow,
  type Hints,
  type JobFinish,
  type Outcome,
  readFinishes,
} from '../../postgres/index.js'
import { createBatcher } from '../batcher.js'
import { jittered } from './alarm.js'
import type { RunningJob } from './running-job.js'

export interface Finisher {
  /** End the job's attempt. Resolves once that is committed, or known to be no longer ours to say. */
  finish(job: RunningJob, outcome: Outcome): Promise<void>
  idle(): Promise<void>
}

const againMs = 1000
const notStorable: Outcome = {
  action: 'fail',
  error: JSON.stringify(
    failure(
      'outcome_not_storable',
      'The database refused to store the outcome of this job.',
      null,
      false,
    ),
  ),
}

/** Ends the attempts of all jobs of the process in batches. */
export function createFinisher(db: Database, hints: Hints, logger: Logger): Finisher {
  const batcher = createBatcher<JobFinish, Finish>({
    async run(finishes) {
      const rows = await db.run(finishJobs(finishes))
      const answers = readFinishes(finishes, rows)
      const passedOver = finishes.filter((_, n) => answers[n] === undefined)
      const present = new Set(
        passedOver.length === 0 ? [] : (await db.run(findPresent(passedOver))).map(keyOf),
      )
      announce(hints, finishes, rows)
      return finishes.map(
        (finish, n) => answers[n] ?? (present.has(keyOf(finish)) ? undefined : 'lost'),
      )
    },
    sizeOf: ({ outcome }) => ('result' in outcome ? outcome.result.length : 0),
    giveUpAfterMs: Number.POSITIVE_INFINITY,
  })

  async function send(
    job: RunningJob,
    outcome: Outcome,
    said: RunningJob['latest'],
  ): Promise<void> {
    const { tenantId, id, fence, parentId } = job.claimed
    const answer = await batcher.add({ tenantId, id, fence, outcome, ...said })
    if (parentId !== null) hints.send({ children: true })
    if (job.stopReason() === 'cancelled') hints.send({ cleanups: true })
    if (answer === 'lost') {
      logger.warn(
        { tenantId, jobId: id, fence },
        'the job was given to another worker; this outcome was discarded',
      )
    }
  }

  /** Until it is answered: as long as the lease lasts nobody else can end the attempt. */
  async function sendUntilAnswered(job: RunningJob, outcome: Outcome): Promise<void> {
    let now = outcome
    let said = job.latest
    for (;;) {
      try {
        return await send(job, now, said)
      } catch (error) {
        logger.error({ error, jobId: job.claimed.id }, 'the outcome of a job could not be stored')
        if (failureKind(error) === 'data' && now === outcome) {
          now = notStorable
          said = {}
        } else await delay(jittered(againMs))
      }
    }
  }

  return {
    finish: sendUntilAnswered,
    idle: () => batcher.idle(),
  }
}

function announce(hints: Hints, finishes: readonly JobFinish[], rows: readonly FinishRow[]): void {
  const queues = new Set(rows.flatMap(({ readyIn }) => readyIn ?? []))
  const scheduled = finishes.some(({ outcome }) => 'delayMs' in outcome)
  hints.send({
    jobs: finishes,
    ...(queues.size > 0 ? { queues: [...queues] } : {}),
    ...(scheduled ? { scheduled } : {}),
  })
}

function keyOf({ tenantId, id }: { tenantId: string; id: string }): string {
  return `${tenantId} ${id}`
}
