import { isAdmin, type Job, type Principal } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'

/** What every read of a job selects from `longhaul.jobs as job`: the wire shape, by its camelCase names. */
export const jobColumns: Query<Job> = sql`
  job.id, job.type, job.type_version, job.queue, job.owner_id, job.visibility, job.priority,
  job.input, job.metadata, job.tags, job.parent_id, job.created_at,
  job.status, job.version, job.progress, job.stage, job.result, job.error,
  job.attempt, job.max_attempts, job.run_at, job.deadline_at, job.cancel_requested_at,
  job.started_at, job.finished_at, job.expires_at`

/** The rows of `longhaul.jobs as job` that a principal may see and act on. `canSee` is its TypeScript form. */
export function visibleTo(principal: Principal): Query<never> {
  const { tenantId, userId } = principal
  if (isAdmin(principal)) return sql`job.tenant_id = ${tenantId}`
  return sql`job.tenant_id = ${tenantId} and (job.visibility = 'tenant' or job.owner_id = ${userId})`
}
