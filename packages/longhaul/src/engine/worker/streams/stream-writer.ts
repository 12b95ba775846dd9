/**
 * What running jobs write to their streams, of all jobs of the process together: one statement for
 * all that is due, and one hint after it. A stream has at most one write in the air, so its chunks
 * are stored in order whatever has to be sent again.
 */
import {
  type ChunksOfJob,
  claimOf,
  compactStreams,
  type Database,
  findPresent,
  type Hints,
  type NewChunk,
  writeChunks,
} from '../../../postgres/index.js'
import { createBatcher } from '../../batcher.js'
import type { RunningJob } from '../running-job.js'

export interface StreamWriter {
  /** Resolves once the chunks are committed. @throws the job's stop reason when the claim is lost */
  write(job: RunningJob, chunks: readonly NewChunk[], options: { urgent: boolean }): Promise<void>
  /** The job's attempt has ended. If it has settled, its streams are put together a moment later. */
  ended(job: RunningJob): void
  /** Put together what still waits for it. */
  close(): Promise<void>
}

interface Item {
  readonly job: RunningJob
  readonly chunks: readonly NewChunk[]
}

const flushIntervalMs = 20
/** Those who watch have read the last chunks by then. */
const compactAfterMs = 5000

export function createStreamWriter(db: Database, hints: Hints): StreamWriter {
  const ended = new Set<RunningJob>()
  let compactTimer: NodeJS.Timeout | undefined
  const batcher = createBatcher<Item, 'held' | 'lost'>({
    async run(items) {
      const jobs = [...new Set(items.map(({ job }) => job))]
      const rows = await db.run(writeChunks(jobs.map((job) => chunksOf(job, items))))
      const found = new Map(rows.map((row) => [claimOf(row), row]))
      const unanswered = jobs.filter(({ claimed }) => !found.has(claimOf(claimed)))
      const present = new Set(
        unanswered.length === 0
          ? []
          : (await db.run(findPresent(unanswered.map(({ claimed }) => claimed)))).map(keyOf),
      )
      hints.send({ streams: rows.filter(({ held }) => held) })
      return items.map(({ job: { claimed } }) => {
        const row = found.get(claimOf(claimed))
        if (row === undefined && present.has(keyOf(claimed))) return undefined
        return row?.held === true ? 'held' : 'lost'
      })
    },
    sizeOf: ({ chunks }) => chunks.reduce((sum, { content }) => sum + content.length, 0),
    giveUpAfterMs: Number.POSITIVE_INFINITY, // the lease decides for how long it is worth trying
    lazyMs: flushIntervalMs,
  })

  async function compact(): Promise<void> {
    clearTimeout(compactTimer)
    compactTimer = undefined
    const jobs = [...ended]
    ended.clear()
    // What is not put together takes more room until it expires, and is read all the same.
    if (jobs.length > 0)
      await db.run(compactStreams(jobs.map(({ claimed }) => claimed))).catch(() => undefined)
  }

  return {
    async write(job, chunks, options) {
      const answer = await batcher.add({ job, chunks }, options)
      if (answer === 'held') return
      job.stop('lease_lost')
      throw job.signal.reason
    },
    ended(job) {
      ended.add(job)
      compactTimer ??= setTimeout(() => void compact(), compactAfterMs)
    },
    close: compact,
  }
}

function chunksOf(job: RunningJob, items: readonly Item[]): ChunksOfJob {
  const { tenantId, id, fence } = job.claimed
  const chunks = items.filter((item) => item.job === job).flatMap((item) => item.chunks)
  return { tenantId, id, fence, chunks }
}

function keyOf({ tenantId, id }: { tenantId: string; id: string }): string {
  return `${tenantId} ${id}`
}
