import { type ErrorCode, type Principal, statusesAllowing } from '../../../core/index.js'
import { planned, type Query, sql } from '../../sql.js'
import { isStillCancelling } from '../children/cascades.js'
import { neededSecrets, needsSecrets } from '../children/needs-secrets.js'
import { type JobSelection, selected } from './list-jobs.js'

export interface SkippedJob {
  readonly id: string
  /** `secret_required`: `retry` takes them, for one job. `invalid_state`: what it has spawned is still being cancelled, or stopping. */
  readonly code: Extract<ErrorCode, 'secret_required' | 'invalid_state'>
  /** The names of those that it, and what is retried with it, had. */
  readonly secrets: readonly string[]
}

/** The newest jobs of a selection that a retry by filter leaves as they are. */
export function findSkipped(
  principal: Principal,
  selection: JobSelection,
  limit: number,
): Query<SkippedJob> {
  return sql`
    select job.id,
           case when ${needsSecrets} then 'secret_required' else 'invalid_state' end as code,
           ${neededSecrets} as secrets
    from longhaul.jobs as job
    where ${selected(principal, selection)} and job.status = any(${statusesAllowing('retry')})
      and (${isStillCancelling} or ${needsSecrets})
    order by job.created_at desc, job.id desc
    limit ${planned(limit)}`
}
