import type { Json } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'

/** A job type and a version that a worker has the handler of. */
export interface Handled {
  readonly type: string
  readonly version: number
}

export interface ClaimJobs {
  readonly workerId: string
  /** The worker's own count of its claims: the name under which rescue finds these jobs. */
  readonly number: number
  /** Earlier claims none of whose jobs runs any more. */
  readonly endedClaims: readonly number[]
  readonly queues: readonly string[]
  readonly handled: readonly Handled[]
  /** The tenant whose turn came last; the walk begins after it. */
  readonly afterTenant: string
  /** How many jobs the worker has room for. */
  readonly limit: number
}

export interface ClaimedJob {
  readonly tenantId: string
  readonly id: string
  readonly ownerId: string
  readonly type: string
  readonly typeVersion: number
  readonly queue: string
  readonly input: Json
  readonly attempt: number
  readonly maxAttempts: number
  /** Guards every write of this claim. No two claims of a job ever have the same. */
  readonly fence: number
}

/**
 * Give ready jobs to a worker whose lease is alive. Tenants take turns, in each queue; a tenant's
 * own jobs come by priority, then age.
 *
 * A turn is found by skipping through the index from tenant to tenant, so that it costs the same
 * however many jobs the others have waiting. Entries and jobs that somebody has locked are passed
 * over, never waited for.
 */
export function claimJobs(claim: ClaimJobs): Query<ClaimedJob> {
  const { queues, afterTenant, limit } = claim
  return sql`
    with recursive ${alive(claim)},
    ${nextTenants(queues, afterTenant)},
    turns as materialized (
      select queue, tenant_id from turns_after where tenant_id is not null
      union all
      select queue, tenant_id from turns_before where tenant_id is not null
      limit ${limit}
    ),
    share as (select greatest(1, ${limit} / greatest(1, count(*)))::integer as jobs from turns),
    due as materialized (
      select entry.*
      from share, turns
      cross join lateral (${entriesOfTurn(claim.handled, sql`share.jobs`)}) as entry
      where exists (select from alive)
      limit ${limit}
    ),
    ${claimed(claim)}`
}

export interface ClaimLimitedJobs extends ClaimJobs {
  readonly lanes: readonly LockedLane[]
}

/** A lane whose row this transaction has locked. */
export interface LockedLane {
  readonly queue: string
  readonly tenantId: string
  readonly key: string
  readonly maxRunning: number
}

/**
 * Lock the lanes whose turn is next, so that nobody else counts or fills them meanwhile. The first
 * of the two statements of a limited claim: the second then sees what the lanes hold.
 */
export function lockLanes({ queues, afterTenant, limit }: ClaimJobs): Query<LockedLane> {
  return sql`
    with recursive ${nextTenants(queues, afterTenant)},
    turns as materialized (
      select queue, tenant_id from turns_after where tenant_id is not null
      union all
      select queue, tenant_id from turns_before where tenant_id is not null
      limit ${limit}
    )
    select lane.queue, lane.tenant_id, lane.key, lane.max_running
    from turns
    join longhaul.lanes as lane on lane.queue = turns.queue and lane.tenant_id = turns.tenant_id
    order by lane.queue, lane.tenant_id, lane.key
    for update of lane skip locked`
}

/** Claim from locked lanes, no more of each than its limit leaves. */
export function claimLimitedJobs(claim: ClaimLimitedJobs): Query<ClaimedJob> {
  const { lanes, limit } = claim
  return sql`
    with ${alive(claim)},
    turns as materialized (
      select lane.queue, lane.tenant_id, lane.max_running - (
        select count(*) from longhaul.lane_slots as slot
        where slot.queue = lane.queue and slot.tenant_id = lane.tenant_id and slot.key = lane.key
      )::integer as room
      from unnest(
        ${lanes.map(({ queue }) => queue)}::text[], ${lanes.map(({ tenantId }) => tenantId)}::text[],
        ${lanes.map(({ key }) => key)}::text[], ${lanes.map(({ maxRunning }) => maxRunning)}::integer[]
      ) as lane(queue, tenant_id, key, max_running)
    ),
    due as materialized (
      select entry.*
      from turns
      cross join lateral (${entriesOfTurn(claim.handled, sql`greatest(0, turns.room)`)}) as entry
      where exists (select from alive)
      limit ${limit}
    ),
    slots_taken as (
      insert into longhaul.lane_slots (queue, tenant_id, key, job_id)
      select queue, tenant_id, lane_key, id from due where claimable and lane_key is not null
      on conflict do nothing
    ),
    ${claimed(claim)}`
}

/** The tenants that have entries, queue by queue: those after the last turn, then those before it. */
function nextTenants(queues: readonly string[], afterTenant: string): Query<never> {
  return sql`
    turns_after(queue, tenant_id) as (
      select queue, (
        select entry.tenant_id from longhaul.ready_jobs as entry
        where entry.queue = any_queue.queue and entry.tenant_id > ${afterTenant}
        order by entry.tenant_id limit 1
      )
      from unnest(${queues}::text[]) as any_queue(queue)
      union all
      select queue, (
        select entry.tenant_id from longhaul.ready_jobs as entry
        where entry.queue = turns_after.queue and entry.tenant_id > turns_after.tenant_id
        order by entry.tenant_id limit 1
      )
      from turns_after
      where tenant_id is not null
    ),
    turns_before(queue, tenant_id) as (
      select queue, (
        select entry.tenant_id from longhaul.ready_jobs as entry
        where entry.queue = any_queue.queue and entry.tenant_id <= ${afterTenant}
        order by entry.tenant_id limit 1
      )
      from unnest(${queues}::text[]) as any_queue(queue)
      union all
      select queue, (
        select entry.tenant_id from longhaul.ready_jobs as entry
        where entry.queue = turns_before.queue and entry.tenant_id > turns_before.tenant_id
          and entry.tenant_id <= ${afterTenant}
        order by entry.tenant_id limit 1
      )
      from turns_before
      where tenant_id is not null
    )`
}

/** The first entries of one turn, with their jobs, both locked. `claimable` is false for an entry left over. */
function entriesOfTurn(handled: readonly Handled[], count: Query<never>): Query<never> {
  return sql`
    select entry.ctid as entry_ctid, job.tenant_id, job.id, job.queue, job.lane_key,
           job.status in ('queued', 'waiting') as claimable
    from longhaul.ready_jobs as entry
    join longhaul.jobs as job on job.tenant_id = entry.tenant_id and job.id = entry.id
    where entry.queue = turns.queue and entry.tenant_id = turns.tenant_id
      and (entry.type, entry.type_version) in (
        select * from unnest(
          ${handled.map(({ type }) => type)}::text[], ${handled.map(({ version }) => version)}::integer[]
        )
      )
    order by entry.priority desc, entry.run_at, entry.id
    limit ${count}
    for update of entry skip locked
    for no key update of job skip locked`
}

/** The worker, while its lease lasts: a worker whose lease is over claims nothing. */
function alive({ workerId }: ClaimJobs): Query<never> {
  return sql`
    alive as materialized (
      select id from longhaul.workers where id = ${workerId} and lease_expires_at > now()
    )`
}

/** Turn the entries in `due` into claims. */
function claimed({ workerId, number, endedClaims }: ClaimJobs): Query<ClaimedJob> {
  return sql`
    entries_removed as (
      delete from longhaul.ready_jobs where ctid = any(array(select entry_ctid from due))
    ),
    claims_ended as (
      delete from longhaul.claims where worker_id = ${workerId} and number = any(${endedClaims}::integer[])
    ),
    recorded as (
      insert into longhaul.claims (worker_id, number, tenant_ids, job_ids)
      select ${workerId}, ${number}, array_agg(tenant_id), array_agg(id)
      from due
      where claimable
      having count(*) > 0
    )
    update longhaul.jobs as job
    set status = 'running',
        attempt = job.attempt + 1,
        fence = job.fence + 1,
        version = job.version + 1,
        worker_id = ${workerId},
        progress = 0,
        stage = null,
        started_at = coalesce(job.started_at, now())
    from due
    where due.claimable and job.tenant_id = due.tenant_id and job.id = due.id
    returning job.tenant_id, job.id, job.owner_id, job.type, job.type_version, job.queue, job.input,
              job.attempt, job.max_attempts, job.fence`
}
