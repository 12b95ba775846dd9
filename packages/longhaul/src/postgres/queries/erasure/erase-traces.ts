import { planned, type Query, sql } from '../../sql.js'
import type { Erasure } from './erase-jobs.js'

/** Stands in other people's rows where a user's id was. */
export const erasedId = 'erased'

/** Their schedules, so that no job is made any more. */
export function deleteSchedulesOf({ tenantId, userId }: Erasure): Query<{ id: string }> {
  return sql`
    delete from longhaul.schedules
    where tenant_id = ${tenantId} and (${userId ?? null}::text is null or owner_id = ${userId ?? null})
    returning id`
}

/** What else is theirs and belongs to no job. */
export function deletePlacesOf({ tenantId, userId }: Erasure): Query<never> {
  return sql`
    with tickets_deleted as (
      delete from longhaul.tickets
      where principal ->> 'tenantId' = ${tenantId}
        and (${userId ?? null}::text is null or principal ->> 'userId' = ${userId ?? null})
    ),
    roles_unbound as (
      delete from longhaul.tenant_roles
      where tenant_id = ${tenantId} and (${userId ?? null}::text is null or user_id = ${userId ?? null})
    )
    delete from longhaul.singletons
    where tenant_id = ${tenantId} and (${userId ?? null}::text is null or owner_id = ${userId ?? null})`
}

/** What a user did to other people's jobs and queues stays, at most `limit` rows of each at a time; who it was goes, and the reason in their words. */
export function forgetUser(
  { tenantId, userId }: Required<Erasure>,
  limit: number,
): Query<{ readonly most: number }> {
  return sql`
    with requests as (
      update longhaul.cancellations
      set requested_by = ${erasedId}, reason = null, metadata = null
      where ctid = any(array(
        select ctid from longhaul.cancellations
        where tenant_id = ${tenantId} and requested_by = ${userId}
        limit ${planned(limit)}
        for update skip locked
      ))
      returning 1
    ),
    cascading as (
      update longhaul.cascades
      set requested_by = ${erasedId}, reason = null
      where tenant_id = ${tenantId} and requested_by = ${userId}
    ),
    sent as (
      update longhaul.signals
      set sent_by = ${erasedId}
      where ctid = any(array(
        select ctid from longhaul.signals
        where tenant_id = ${tenantId} and sent_by = ${userId}
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
    select greatest((select count(*) from requests), (select count(*) from sent))::integer as most`
}

/** A tenant's part of what belongs to all: lanes, the lists of jobs that expire, and entries that were left over. */
export function forgetTenant(tenantId: string): Query<never> {
  return sql`
    with lanes_deleted as (
      delete from longhaul.lanes where tenant_id = ${tenantId}
    ),
    slots_deleted as (
      delete from longhaul.lane_slots where tenant_id = ${tenantId}
    ),
    entries_deleted as (
      delete from longhaul.ready_jobs where tenant_id = ${tenantId}
    ),
    notes_deleted as (
      delete from longhaul.settled_children where tenant_id = ${tenantId}
    ),
    items_deleted as (
      delete from longhaul.settled_items where tenant_id = ${tenantId}
    ),
    cascades_deleted as (
      delete from longhaul.cascades as cascade
      where tenant_id = ${tenantId} and not exists (
        select from longhaul.jobs as child
        where child.tenant_id = cascade.tenant_id and child.parent_id = cascade.job_id
      )
    ),
    taken as (
      delete from longhaul.expiries
      where tenant_ids @> array[${tenantId}::text]
      returning expires_at, tenant_ids, job_ids
    )
    insert into longhaul.expiries (expires_at, tenant_ids, job_ids)
    select taken.expires_at, array_agg(settled.tenant_id), array_agg(settled.job_id)
    from taken, unnest(taken.tenant_ids, taken.job_ids) as settled(tenant_id, job_id)
    where settled.tenant_id <> ${tenantId}
    group by taken.expires_at`
}
