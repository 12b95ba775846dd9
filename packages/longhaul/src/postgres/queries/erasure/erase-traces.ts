import { planned, type Query, sql } from '../../sql.js'
import type { Erasure } from './erase-jobs.js'

/** Stands in other people's rows where a user's id was. */
export const erasedId = 'erased'

export interface Forgotten {
  /** Of the table that lost or changed the most rows, how many these were. 0: all is done that could be. */
  readonly most: number
  /** Some were there that may have been passed over: who has them locked may write more of them. */
  readonly wereThere?: boolean
}

/** Delete some rows of a table. Of rows that somebody changes meanwhile the next piece takes care. */
function deleteSome(table: Query<never>, which: Query<never>, limit: number): Query<never> {
  return sql`
    delete from ${table}
    where ctid = any(array(select ctid from ${table} where ${which} limit ${planned(limit)}))
    returning 1`
}

function countMost(ctes: readonly Query<never>[]): Query<never> {
  const counts = ctes.map((cte) => sql`(select count(*) from ${cte})`)
  return sql`greatest(${counts.reduce((all, count) => sql`${all}, ${count}`)})::integer`
}

/** Their schedules, so that no job is made any more. By their key: one may be fired at this moment. */
export function deleteSchedulesOf(
  { tenantId, userId }: Erasure,
  limit: number,
): Query<{ readonly id: string }> {
  return sql`
    delete from longhaul.schedules
    where (tenant_id, owner_id, id) in (
      select tenant_id, owner_id, id from longhaul.schedules
      where tenant_id = ${tenantId} and (${userId ?? null}::text is null or owner_id = ${userId ?? null})
      limit ${planned(limit)}
    )
    returning id`
}

/** What else is theirs and belongs to no job, at most `limit` rows of each table at a time. */
export function deletePlacesOf({ tenantId, userId }: Erasure, limit: number): Query<Forgotten> {
  const theirs = (tenant: Query<never>, user: Query<never>): Query<never> =>
    userId === undefined
      ? sql`${tenant} = ${tenantId}`
      : sql`${tenant} = ${tenantId} and ${user} = ${userId}`
  const holder = theirs(sql`principal ->> 'tenantId'`, sql`principal ->> 'userId'`)
  return sql`
    with tickets_deleted as (${deleteSome(sql`longhaul.tickets`, holder, limit)}),
    roles_unbound as (
      ${deleteSome(sql`longhaul.tenant_roles`, theirs(sql`tenant_id`, sql`user_id`), limit)}
    ),
    singletons_deleted as (
      ${deleteSome(sql`longhaul.singletons`, theirs(sql`tenant_id`, sql`owner_id`), limit)}
    )
    select ${countMost([sql`tickets_deleted`, sql`roles_unbound`, sql`singletons_deleted`])} as most`
}

/** What a user did to other people's jobs and queues stays, at most `limit` rows of each at a time; who it was goes, and the reason in their words. */
export function forgetUser(
  { tenantId, userId }: Required<Erasure>,
  limit: number,
): Query<Forgotten> {
  const requested = sql`tenant_id = ${tenantId} and requested_by = ${userId}`
  const signalled = sql`tenant_id = ${tenantId} and sent_by = ${userId}`
  return sql`
    with requests as (
      update longhaul.cancellations
      set requested_by = ${erasedId}, reason = null, metadata = null
      where ctid = any(array(
        select ctid from longhaul.cancellations
        where ${requested}
        limit ${planned(limit)}
        for update skip locked
      ))
      returning 1
    ),
    cascading as (
      update longhaul.cascades
      set requested_by = ${erasedId}, reason = null
      where ctid = any(array(
        select ctid from longhaul.cascades
        where ${requested}
        limit ${planned(limit)}
        for update skip locked
      ))
      returning 1
    ),
    sent as (
      update longhaul.signals
      set sent_by = ${erasedId}
      where ctid = any(array(
        select ctid from longhaul.signals
        where ${signalled}
        limit ${planned(limit)}
        for update skip locked
      ))
      returning 1
    ),
    paused as (
      update longhaul.lanes
      set paused_by = ${erasedId}
      where tenant_id in (${tenantId}, '') and paused_by = ${userId}
    )
    select ${countMost([sql`requests`, sql`cascading`, sql`sent`])} as most,
           -- As they were when the statement began.
           exists (select from longhaul.cancellations where ${requested})
             or exists (select from longhaul.cascades where ${requested})
             or exists (select from longhaul.signals where ${signalled}) as were_there`
}

/**
 * A tenant's part of what belongs to all, at most `limit` rows of each table at a time: lanes, the lists
 * of jobs that expire, and entries that were left over.
 */
export function forgetTenant(tenantId: string, limit: number): Query<Forgotten> {
  const ours = sql`tenant_id = ${tenantId}`
  const isOver = sql`
    not exists (
      select from longhaul.jobs as child
      where child.tenant_id = cascade.tenant_id and child.parent_id = cascade.job_id
    )`
  return sql`
    with lanes_deleted as (${deleteSome(sql`longhaul.lanes`, ours, limit)}),
    slots_deleted as (${deleteSome(sql`longhaul.lane_slots`, ours, limit)}),
    entries_deleted as (${deleteSome(sql`longhaul.ready_jobs`, ours, limit)}),
    notes_deleted as (${deleteSome(sql`longhaul.settled_children`, ours, limit)}),
    items_deleted as (${deleteSome(sql`longhaul.settled_items`, ours, limit)}),
    cascades_deleted as (
      ${deleteSome(sql`longhaul.cascades as cascade`, sql`${ours} and ${isOver}`, limit)}
    ),
    lists_taken as (
      delete from longhaul.expiries
      where ctid = any(array(
        select ctid from longhaul.expiries
        where tenant_ids @> array[${tenantId}::text]
        limit ${planned(limit)}
      ))
      returning expires_at, tenant_ids, job_ids
    ),
    others_kept as (
      insert into longhaul.expiries (expires_at, tenant_ids, job_ids)
      select taken.expires_at, array_agg(settled.tenant_id), array_agg(settled.job_id)
      from lists_taken as taken, unnest(taken.tenant_ids, taken.job_ids) as settled(tenant_id, job_id)
      where settled.tenant_id <> ${tenantId}
      group by taken.expires_at
    )
    select ${countMost([
      sql`lanes_deleted`,
      sql`slots_deleted`,
      sql`entries_deleted`,
      sql`notes_deleted`,
      sql`items_deleted`,
      sql`cascades_deleted`,
      sql`lists_taken`,
    ])} as most`
}
