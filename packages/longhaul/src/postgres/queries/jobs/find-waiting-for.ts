import type { Principal, WaitingFor } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import { isHandled } from '../workers/unhandled.js'
import { visibleTo } from './job-columns.js'

/** What keeps a queued job that the principal may see from being run, though its time has come; null: only its turn. */
export function findWaitingFor(
  principal: Principal,
  jobId: string,
): Query<{ readonly waitingFor: WaitingFor | null }> {
  return sql`
    select case
      when job.status <> 'queued' or job.run_at > now() then null
      when exists (
        select from longhaul.lanes as lane
        where lane.queue = job.queue and lane.tenant_id in ('', job.tenant_id) and lane.paused_at is not null
      ) then 'resume'
      when not ${isHandled({ type: sql`job.type`, version: sql`job.type_version` })} then 'worker'
      when exists (
        select from longhaul.quarantined_jobs as quarantined
        where quarantined.tenant_id = job.tenant_id and quarantined.job_id = job.id
          and quarantined.let_out_at is null
      ) then 'quarantine'
    end as waiting_for
    from longhaul.jobs as job
    where ${visibleTo(principal)} and job.id = ${jobId}`
}
