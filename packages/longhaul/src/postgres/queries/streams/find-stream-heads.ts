import { type Query, sql } from '../../sql.js'
import type { JobKey } from '../jobs/find-jobs.js'

/** Where a stream stands that earlier claims of a job have written to. */
export interface StreamHead {
  readonly tenantId: string
  readonly jobId: string
  readonly stream: string
  /** Of its last chunk: the next claim numbers on from here. */
  readonly seq: number
  /** Of what stays: the rest is dropped before anything is written. */
  readonly bytes: number
  /** It holds chunks of steps that had not finished, or of no step: they will be written again. */
  readonly isStale: boolean
  /** The finished steps that have written to it. */
  readonly finishedSteps: readonly string[]
}

/** The streams of these jobs. */
export function findStreamHeads(jobs: readonly JobKey[]): Query<StreamHead> {
  return sql`
    select chunk.tenant_id, chunk.job_id, chunk.stream, max(chunk.seq) as seq,
           coalesce(sum(octet_length(chunk.content::text)) filter (where step.key is not null), 0)::integer as bytes,
           bool_or(chunk.keep is null and step.key is null) as is_stale,
           coalesce(array_agg(distinct step.key) filter (where step.key is not null), '{}') as finished_steps
    from unnest(
      ${jobs.map(({ tenantId }) => tenantId)}::text[], ${jobs.map(({ id }) => id)}::uuid[]
    ) as wanted(tenant_id, job_id)
    join longhaul.stream_chunks as chunk
      on chunk.tenant_id = wanted.tenant_id and chunk.job_id = wanted.job_id
    left join longhaul.steps as step
      on step.tenant_id = chunk.tenant_id and step.job_id = chunk.job_id and step.key = chunk.step
      and step.status = 'completed'
    group by chunk.tenant_id, chunk.job_id, chunk.stream`
}
