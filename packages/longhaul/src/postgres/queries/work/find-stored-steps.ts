import type { Json } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import type { JobKey } from '../jobs/find-jobs.js'

export interface StoredStep {
  readonly tenantId: string
  readonly jobId: string
  readonly key: string
  readonly position: number
  readonly status: 'running' | 'completed' | 'failed'
  readonly runs: number
  readonly result: Json
}

/** What earlier attempts of these jobs have stored. */
export function findStoredSteps(jobs: readonly JobKey[]): Query<StoredStep> {
  return sql`
    select step.tenant_id, step.job_id, step.key, step.position, step.status, step.runs, step.result
    from unnest(
      ${jobs.map(({ tenantId }) => tenantId)}::text[], ${jobs.map(({ id }) => id)}::uuid[]
    ) as wanted(tenant_id, job_id)
    join longhaul.steps as step
      on step.tenant_id = wanted.tenant_id and step.job_id = wanted.job_id`
}
