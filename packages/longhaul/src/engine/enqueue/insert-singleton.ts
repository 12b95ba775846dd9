import type { Job } from '../../core/index.js'
import {
  type Database,
  findHolders,
  findUnsettled,
  holdSingleton,
  passSingleton,
  postponeJob,
  runOne,
} from '../../postgres/index.js'
import type { EnqueueRequest } from './enqueue-request.js'

/**
 * Look for the job that holds a request's place, inside a transaction that then inserts the job if
 * there is none. The place stays locked to its end, so two that ask at once get one job.
 *
 * @returns the job that stands for the request, or nothing when it is to be inserted
 */
export async function findSingleton(
  db: Database,
  { row, singleton }: EnqueueRequest,
  lockTimeoutMs?: number,
): Promise<Job | undefined> {
  if (singleton === undefined) return undefined
  const { place, debounced } = singleton
  // Asked for before, or the id of somebody else's job: the insert says so, and the place is left alone.
  if (row.fingerprint !== undefined && (await db.run(findHolders([row]))).length > 0)
    return undefined
  const held = await runOne(db, holdSingleton(place, row.id, lockTimeoutMs))
  if (held === undefined || held.jobId === row.id) return undefined
  const job = await runOne(
    db,
    debounced ? postponeJob(row, held.jobId) : findUnsettled(row.tenantId, held.jobId),
  )
  if (job === undefined) await db.run(passSingleton(place, row.id))
  return job
}
