import { type Query, sql } from '../../sql.js'
import { changedColumns, expiryAs, madeReady, settled, slotsFreed } from '../jobs/consequences.js'
import { claimOf, type HeldJob } from './pulse-jobs.js'

/** How an attempt ended. A job whose cancellation was asked for ends as cancelled, whatever this says. */
export type Outcome =
  /** JSON text of the result. */
  | { readonly action: 'complete'; readonly result: string }
  /** JSON text of the error. */
  | { readonly action: 'fail'; readonly error: string }
  | { readonly action: 'reschedule'; readonly error: string; readonly delayMs: number }
  /** Hand the job back untried, as at a shutdown. */
  | { readonly action: 'release' }
  /** Wait, without holding a worker, for this long or for a signal; without a time, for a signal only. */
  | { readonly action: 'suspend'; readonly delayMs?: number }

export interface JobFinish extends HeldJob {
  readonly outcome: Outcome
  readonly progress?: number
  readonly stage?: string
}

/**
 * `finished`: by this statement. `already`: the attempt ended before, by this very claim (an answer
 * that was lost) or by a cut-off. `lost`: the job is another claim's now.
 */
export type Finish = 'finished' | 'already' | 'lost'

/** A job of which there is something to say. When all have simply finished, one row says how many. */
export interface FinishRow {
  /** How many were not passed over. */
  readonly answered: number
  readonly tenantId: string | null
  readonly id: string | null
  readonly fence: number | null
  readonly finish: Finish | null
  /** The queue in which the job can be claimed again at once. */
  readonly readyIn: string | null
}

/** What became of each of these, in their order; `undefined` for one that was passed over. */
export function readFinishes(
  finishes: readonly JobFinish[],
  rows: readonly FinishRow[],
): (Finish | undefined)[] {
  const unsaid = rows[0]?.answered === finishes.length ? 'finished' : undefined
  if (rows[0]?.id === null) return finishes.map(() => unsaid)
  const said = new Map(rows.map((row) => [claimOf(row), row.finish]))
  return finishes.map((finish) => said.get(claimOf(finish)) ?? unsaid)
}

/**
 * End the attempts of many jobs. A row that somebody else has locked is passed over, to be sent
 * again, and so is one that was changed in the moment between this statement's snapshot and its lock:
 * a locked row is found again by its place, which costs a fraction of the index. The same finish can
 * be sent twice.
 */
export function finishJobs(finishes: readonly JobFinish[]): Query<FinishRow> {
  return sql`
    with input as materialized (
      select * from json_to_recordset(${`[${finishes.map(rowOf).join(',')}]`}) as input(
        tenant_id text, id uuid, fence integer, action text, result jsonb, error jsonb,
        delay_ms float8, progress smallint, stage text
      )
    ),
    locked as materialized (
      select job.ctid, job.tenant_id, job.id, input.fence,
             case
               when job.fence <> input.fence then 'lost'
               when job.status <> 'running' then 'already'
               else 'finished'
             end as finish,
             case
               when job.cancel_requested_at is not null then 'cancelled'
               when input.action = 'complete' then 'completed'
               when input.action = 'fail' then 'failed'
               when input.action = 'suspend' then 'waiting'
               else 'queued'
             end as next_status,
             job.woken, job.queue, input.action, input.result, input.error, input.delay_ms, input.progress, input.stage
      from input
      join longhaul.jobs as job on job.tenant_id = input.tenant_id and job.id = input.id
      order by job.tenant_id, job.id
      for no key update of job skip locked
    ),
    changed as (
      update longhaul.jobs as job
      set status = ended.next_status,
          result = case ended.next_status when 'completed' then ended.result end,
          error = case ended.next_status when 'failed' then ended.error end,
          attempts = case
            when ended.error is null then job.attempts
            else ${withAttempt(sql`ended.error`)}
          end,
          attempt = job.attempt
            - case
                when ended.action in ('release', 'suspend') and ended.next_status in ('queued', 'waiting') then 1
                else 0
              end,
          handed_back = ended.action = 'release',
          woken = case ended.action when 'suspend' then false else job.woken end,
          progress = case ended.next_status
            when 'completed' then 100
            else greatest(job.progress, coalesce(ended.progress, 0))
          end,
          stage = coalesce(ended.stage, job.stage),
          worker_id = null,
          run_at = case ended.next_status
            when 'queued' then now() + coalesce(ended.delay_ms, 0) * interval '1 ms'
            else job.run_at
          end,
          promote_at = case
            when ended.next_status = 'queued' and ended.delay_ms > 0
              then now() + ended.delay_ms * interval '1 ms'
            when ended.next_status = 'waiting' and not ended.woken and coalesce(ended.delay_ms, 1) > 0
              then coalesce(now() + ended.delay_ms * interval '1 ms', 'infinity')
          end,
          deadline_at = case when ended.next_status in ('queued', 'waiting') then job.deadline_at end,
          finished_at = case when ended.next_status not in ('queued', 'waiting') then now() end,
          expires_at = case
            when ended.next_status not in ('queued', 'waiting') then ${expiryAs(sql`ended.next_status`)}
          end,
          version = job.version + 1
      from locked as ended
      where ended.finish = 'finished' and job.ctid = ended.ctid
      returning ${changedColumns}, job.fence
    ),
    unchanged as (
      select tenant_id, id, fence, finish from locked where finish <> 'finished'
    ),
    ${madeReady},
    ${settled},
    ${slotsFreed}
    select answered.count as answered, job.*
    from (
      select (select count(*) from changed)::integer + (select count(*) from unchanged)::integer as count
    ) as answered
    left join (
      select tenant_id, id, fence, 'finished' as finish,
             case when status in ('queued', 'waiting') and promote_at is null then queue end as ready_in
      from changed
      union all
      select tenant_id, id, fence, finish, null from unchanged
    ) as job
      on answered.count < ${finishes.length}::integer or job.finish <> 'finished' or job.ready_in is not null`
}

/** A failed attempt is added to the job's list; the list keeps the last hundred. */
export function withAttempt(error: Query<never>): Query<never> {
  return sql`
    (case jsonb_array_length(job.attempts) when 100 then job.attempts - 0 else job.attempts end)
    || jsonb_build_object(
      'attempt', job.attempt, 'workerId', job.worker_id, 'error', ${error},
      'failedAt', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    )`
}

function rowOf({ tenantId, id, fence, outcome, progress, stage }: JobFinish): string {
  const row = JSON.stringify({
    tenant_id: tenantId,
    id,
    fence,
    action: outcome.action,
    delay_ms: 'delayMs' in outcome ? outcome.delayMs : undefined,
    progress,
    stage,
  })
  // Results and errors are JSON already, and are put in as they are.
  const result = outcome.action === 'complete' ? `,"result":${outcome.result}` : ''
  const error = 'error' in outcome ? `,"error":${outcome.error}` : ''
  return `${row.slice(0, -1)}${result}${error}}`
}
