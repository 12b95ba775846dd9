import { isJobId, type Job } from '../core/index.js'
import {
  countJobs,
  findAttempts,
  findCancellations,
  findDurations,
  findJob,
  findSteps,
  findWaitingFor,
  isJobRow,
  type JobSelection,
  type ListedJobRow,
  listJobs,
  type OwnDatabase,
  runOne,
  runWithEpoch,
} from '../postgres/index.js'
import { notFound } from './job-errors.js'
import type { Jobs } from './jobs.js'

const countCap = 10_000

/** What can be read of jobs. */
export function createReads(
  db: OwnDatabase,
  check: (selection: JobSelection) => void,
): Pick<
  Jobs,
  'get' | 'list' | 'count' | 'steps' | 'attempts' | 'cancellations' | 'waitingFor' | 'durations'
> {
  return {
    async get(principal, id) {
      if (!isJobId(id)) throw notFound(id)
      const { epoch, rows } = await runWithEpoch(db, findJob(principal, id))
      const [job] = rows.flatMap(asJob)
      if (job === undefined) throw notFound(id)
      return { value: job, epoch }
    },

    async list({ principal, selection, after, limit, mostBytes }) {
      check(selection)
      const query = listJobs({ principal, selection, after, limit: limit + 1, mostBytes })
      const { epoch, rows } = await runWithEpoch(db, query)
      const read = rows.flatMap(asJob)
      const jobs = read.slice(0, limit)
      return { jobs, hasMore: jobs.length < (rows[0]?.listed ?? read.length), epoch }
    },

    async count(principal, selection) {
      check(selection)
      const rows = await db.run(countJobs(principal, selection, countCap))
      const counts = { queued: 0, running: 0, waiting: 0, completed: 0, failed: 0, cancelled: 0 }
      for (const { status, count } of rows) counts[status] = count
      return { counts, capped: rows[0]?.capped === true }
    },

    steps: (principal, id) => db.run(findSteps(principal, id)),
    attempts: async (principal, id) =>
      (await runOne(db, findAttempts(principal, id)))?.attempts ?? [],
    cancellations: (principal, id) => db.run(findCancellations(principal, id)),
    waitingFor: async (principal, id) =>
      (await runOne(db, findWaitingFor(principal, id)))?.waitingFor ?? null,
    durations: (principal, types) => db.run(findDurations(principal, types)),
  }
}

function asJob(row: ListedJobRow): Job[] {
  if (!isJobRow(row)) return []
  const { epoch: _, listed: __, ...job } = row
  return [job]
}
