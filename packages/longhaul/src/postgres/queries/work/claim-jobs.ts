import type { Json } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import { isDoomed } from '../children/cascades.js'
import { mostTurns, type Stretch, type TakenTurn, turnsFrom } from './turns.js'

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
  readonly handled: readonly Handled[]
  /** The turns to walk, in their order. */
  readonly round: readonly Stretch[]
  /** How many jobs the worker has room for. */
  readonly limit: number
}

export interface ClaimedJob {
  readonly tenantId: string
  readonly id: string
  readonly ownerId: string
  /** The job that spawned it. */
  readonly parentId: string | null
  readonly type: string
  readonly typeVersion: number
  readonly queue: string
  readonly input: Json
  readonly attempt: number
  readonly maxAttempts: number
  /** Guards every write of this claim. No two claims of a job ever have the same. */
  readonly fence: number
  /** Until its deadline, of all attempts together; null: it has none. */
  readonly deadlineInMs: number | null
  /** A signal came before the job was claimed. */
  readonly woken: boolean
  /** Of a batch; null: it is none. */
  readonly itemCount: number | null
}

/** The columns of a `ClaimedJob`. */
export const claimedColumns: Query<never> = sql`
  job.tenant_id, job.id, job.owner_id, job.parent_id, job.type, job.type_version, job.queue, job.input,
  job.attempt, job.max_attempts, job.fence, job.woken, job.item_count,
  (extract(epoch from job.deadline_at - now()) * 1000)::float8 as deadline_in_ms`

/** Where the walk ended, in a row of its own: `more` is null in those of the claimed jobs. */
interface WalkColumns {
  readonly lastQueue: string | null
  readonly lastTenantId: string | null
  readonly lastStretch: number | null
  readonly more: boolean | null
  readonly againInMs: number | null
}

export type ClaimRow = WalkColumns & {
  readonly [Field in keyof ClaimedJob]: ClaimedJob[Field] | null
}

export interface ClaimAnswer {
  readonly jobs: readonly ClaimedJob[]
  /** The turn that came last; absent when no queue has an entry. */
  readonly last?: TakenTurn
  /** Whether the walk ended before it had come round. */
  readonly more: boolean
  /** When there will be something to take that a rate, or somebody's lock, kept back now. */
  readonly againInMs?: number
}

export function readClaim(rows: readonly ClaimRow[]): ClaimAnswer {
  const { lastQueue, lastTenantId, lastStretch, more, againInMs } = rows.find(isWalk) ?? nowhere
  const hasLast = lastQueue !== null && lastTenantId !== null && lastStretch !== null
  return {
    jobs: rows.filter(isJob),
    more: more === true,
    ...(hasLast
      ? { last: { queue: lastQueue, tenantId: lastTenantId, stretch: lastStretch } }
      : {}),
    ...(againInMs === null ? {} : { againInMs }),
  }
}

const nowhere: WalkColumns = {
  lastQueue: null,
  lastTenantId: null,
  lastStretch: null,
  more: null,
  againInMs: null,
}

function isWalk({ more }: WalkColumns): boolean {
  return more !== null
}

function isJob(row: ClaimRow): row is ClaimRow & ClaimedJob {
  return row.id !== null
}

/**
 * Give ready jobs to a worker whose lease is alive. Tenants take turns, in each queue; a tenant's
 * own jobs come by priority, then age. Entries and jobs that somebody has locked are passed over,
 * never waited for.
 */
export function claimJobs(claim: ClaimJobs): Query<ClaimRow> {
  const { handled, round, limit } = claim
  const most = mostTurns(limit)
  return sql`
    with recursive ${alive(claim)},
    ${turnsFrom(round, most)},
    share as (select greatest(1, ${limit} / greatest(1, count(*)))::integer as jobs from turns),
    due as materialized (
      select turns.step, entry.*
      from share, turns
      cross join lateral (${entriesOfTurn(handled, { laneKey: sql`job.lane_key`, count: sql`share.jobs` })}) as entry
      where not turns.paused and exists (select from alive)
      limit ${limit}
    ),
    ${claimed(claim)}
    ${answered({ room: sql`${limit}::integer`, most })}`
}

interface EntriesOfTurn {
  /** What the job's lane is called from now on. */
  readonly laneKey: Query<never>
  readonly count: Query<never>
  /** Which of the turn's entries: all of them, when absent. */
  readonly only?: Query<never>
}

/** The first entries of one turn, with their jobs, both locked. `claimable` is false for an entry left over, and for a job that is overdue or about to be cancelled. */
export function entriesOfTurn(
  handled: readonly Handled[],
  { laneKey, count, only = sql`true` }: EntriesOfTurn,
): Query<never> {
  return sql`
    select entry.ctid as entry_ctid, job.ctid as job_ctid, job.tenant_id, job.id, job.queue, ${laneKey} as lane_key,
           job.status in ('queued', 'waiting') and job.promote_at is null
             and coalesce(least(job.start_by, job.deadline_at) > now(), true)
             and not (${isDoomed}) as claimable
    from longhaul.ready_jobs as entry
    join longhaul.jobs as job on job.tenant_id = entry.tenant_id and job.id = entry.id
    where entry.queue = turns.queue and entry.tenant_id = turns.tenant_id and ${only}
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
export function alive({ workerId }: ClaimJobs): Query<never> {
  return sql`
    alive as materialized (
      select id from longhaul.workers where id = ${workerId} and lease_expires_at > now()
    )`
}

/**
 * Turn the entries in `due` into claims. The job is found again by its place, which costs a fraction
 * of the index. One that was changed in the moment between this statement's snapshot and its lock is
 * at another: it keeps its entry, and is claimed the next time.
 */
export function claimed({ workerId, number, endedClaims }: ClaimJobs): Query<never> {
  return sql`
    claimed as (
      update longhaul.jobs as job
      set status = 'running',
          attempt = job.attempt + 1,
          fence = job.fence + 1,
          version = job.version + 1,
          worker_id = ${workerId},
          lane_key = due.lane_key,
          -- Going on after a wait is no new attempt, and neither is one whose number was given before.
          progress = case when job.status = 'waiting' or job.handed_back then job.progress else 0 end,
          stage = case when job.status = 'waiting' or job.handed_back then job.stage end,
          handed_back = false,
          started_at = coalesce(job.started_at, now()),
          start_by = null
      from due
      where due.claimable and job.ctid = due.job_ctid
      returning ${claimedColumns}, job.lane_key, due.entry_ctid
    ),
    entries_removed as (
      delete from longhaul.ready_jobs where ctid = any(array(
        select entry_ctid from claimed union all select entry_ctid from due where not claimable
      ))
    ),
    claims_ended as (
      delete from longhaul.claims where worker_id = ${workerId} and number = any(${endedClaims}::integer[])
    ),
    recorded as (
      insert into longhaul.claims (worker_id, number, tenant_ids, job_ids)
      select ${workerId}, ${number}, array_agg(tenant_id), array_agg(id)
      from claimed
      having count(*) > 0
    )`
}

interface Walked {
  /** How many jobs could be taken at most. */
  readonly room: Query<never>
  /** How many turns were looked at, at most. */
  readonly most: number
  readonly againInMs?: Query<never>
}

/** The claimed jobs, and beside them a row for the turn that came last: where there was no more room, or else where the walk ended. */
export function answered({ room, most, againInMs = sql`null::float8` }: Walked): Query<never> {
  return sql`
    select job.tenant_id, job.id, job.owner_id, job.parent_id, job.type, job.type_version, job.queue, job.input,
           job.attempt, job.max_attempts, job.fence, job.woken, job.item_count, job.deadline_in_ms, walked.*
    from claimed as job
    full join (
      select last.queue as last_queue, last.tenant_id as last_tenant_id, last.stretch as last_stretch,
             ended.more, ended.again_in_ms
      from (
        select case when count(*) >= ${room} then max(step) else (select max(step) from turns) end as step,
               (count(*) > 0 and count(*) >= ${room}) or (select count(*) from turns) = ${most} as more,
               ${againInMs} as again_in_ms
        from due
      ) as ended
      left join turns as last on last.step = ended.step
    ) as walked on false`
}
