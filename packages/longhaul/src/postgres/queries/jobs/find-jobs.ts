import type { Job, Principal } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import type { WithEpoch } from '../../epoch.js'
import { jobColumns, visibleTo } from './job-columns.js'

/** A job beside the epoch. When there is no job, its columns are null and the epoch is still there. */
export type JobRow = WithEpoch & (Job | { readonly id: null })

export function isJobRow(row: JobRow): row is WithEpoch & Job {
  return row.id !== null
}

/** The job, if it is there and the principal may see it: one row always, with the epoch. */
export function findJob(principal: Principal, id: string): Query<JobRow> {
  return sql`
    select (select longhaul.epoch()) as epoch, ${jobColumns}
    from (values (1)) as always
    left join longhaul.jobs as job on ${visibleTo(principal)} and job.id = ${id}`
}

/** Whose row it is, for readers that serve many principals and check each themselves. */
export type OwnedJobRow = WithEpoch &
  ((Job & { readonly tenantId: string }) | { readonly id: null })

export interface JobKey {
  readonly tenantId: string
  readonly id: string
}

/** Jobs by their keys, whoever asks: one row at least, with the epoch. */
export function findJobsByKey(keys: readonly JobKey[]): Query<OwnedJobRow> {
  return sql`
    select (select longhaul.epoch()) as epoch, job.tenant_id, ${jobColumns}
    from ${jobsOfKeys(keys)}`
}

/** A row without a job where none of them is there. */
function jobsOfKeys(keys: readonly JobKey[]): Query<never> {
  return sql`
    (values (1)) as always
    left join (
      unnest(
        ${keys.map(({ tenantId }) => tenantId)}::text[],
        ${keys.map(({ id }) => id)}::uuid[]
      ) as wanted(tenant_id, id)
      join longhaul.jobs as job on job.tenant_id = wanted.tenant_id and job.id = wanted.id
    ) on true`
}

/** Which version a job has, and who may see it. */
export type VersionRow = WithEpoch &
  (
    | (Pick<Job, 'id' | 'ownerId' | 'visibility' | 'createdAt' | 'version'> & JobKey)
    | { readonly id: null }
  )

/** The versions of jobs by their keys, whoever asks: one row at least, with the epoch. */
export function findVersions(keys: readonly JobKey[]): Query<VersionRow> {
  return sql`
    select (select longhaul.epoch()) as epoch,
      job.tenant_id, job.id, job.owner_id, job.visibility, job.created_at, job.version
    from ${jobsOfKeys(keys)}`
}

/** A request that was not inserted, to be compared with what holds its place. */
export interface RepeatedRequest {
  readonly tenantId: string
  readonly id: string
  readonly ownerId: string
  readonly idempotencyKey?: string
}

export type HolderRow = Job & { readonly tenantId: string; readonly fingerprint: string | null } & {
  readonly idempotencyKey: string | null
}

/** The jobs that hold the ids or the idempotency keys of these requests. */
export function findHolders(requests: readonly RepeatedRequest[]): Query<HolderRow> {
  const withKey = requests.filter(({ idempotencyKey }) => idempotencyKey !== undefined)
  return sql`
    select job.tenant_id, job.fingerprint, job.idempotency_key, ${jobColumns}
    from unnest(
      ${requests.map(({ tenantId }) => tenantId)}::text[], ${requests.map(({ id }) => id)}::uuid[]
    ) as request(tenant_id, id)
    join longhaul.jobs as job on job.tenant_id = request.tenant_id and job.id = request.id
    union all
    select job.tenant_id, job.fingerprint, job.idempotency_key, ${jobColumns}
    from unnest(
      ${withKey.map(({ tenantId }) => tenantId)}::text[],
      ${withKey.map(({ ownerId }) => ownerId)}::text[],
      ${withKey.map(({ idempotencyKey }) => idempotencyKey)}::text[]
    ) as request(tenant_id, owner_id, idempotency_key)
    join longhaul.jobs as job
      on job.tenant_id = request.tenant_id and job.owner_id = request.owner_id
      and job.idempotency_key = request.idempotency_key`
}
