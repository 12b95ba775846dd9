import { fieldEntry, type FieldValue, type JobStatus, type Principal } from '../../../core/index.js'
import { planned, type Query, sql } from '../../sql.js'
import type { JobRow } from './find-jobs.js'
import { jobColumns, visibleTo } from './job-columns.js'
import type { WithEpoch } from '../../epoch.js'

/** Which jobs: fields are combined with "and", the values of one with "or". */
export interface JobSelection {
  readonly status?: readonly JobStatus[] | undefined
  readonly type?: readonly string[] | undefined
  readonly queue?: readonly string[] | undefined
  /** All of these. */
  readonly tags?: readonly string[] | undefined
  /** All of these, in fields that their type names. */
  readonly input?: Readonly<Record<string, FieldValue>> | undefined
  /** Those whose parent this is: a UUID. */
  readonly parent?: string | undefined
  /** @defaultValue 'own' */
  readonly scope?: 'own' | 'visible' | undefined
}

/** The place after which a page begins: the last job of the page before. */
export interface PagePosition {
  readonly createdAt: string
  readonly id: string
}

export interface ListJobs {
  readonly principal: Principal
  readonly selection: JobSelection
  readonly after?: PagePosition | undefined
  readonly limit: number
  /** The page ends with the job that exceeds so many bytes of inputs, results and metadata; absent: only by its limit. */
  readonly mostBytes?: number | undefined
}

/** `listed`: of how many jobs these are the first; absent when they are not cut by bytes. */
export type ListedJobRow = JobRow & { readonly listed?: number | null }

/** A page of jobs, newest first: one row at least, with the epoch. */
export function listJobs(list: ListJobs): Query<ListedJobRow> {
  const { principal, selection, after, limit, mostBytes } = list
  const page =
    after === undefined
      ? sql`true`
      : sql`(job.created_at, job.id) < (${after.createdAt}::timestamptz, ${after.id}::uuid)`
  const jobs = sql`
    select ${jobColumns}
    from longhaul.jobs as job
    where ${selected(principal, selection)} and ${page}
    order by job.created_at desc, job.id desc
    limit ${planned(limit)}`
  return sql`
    select (select longhaul.epoch()) as epoch, job.*
    from (values (1)) as always
    left join (${mostBytes === undefined ? jobs : upTo(mostBytes, jobs)}) as job on true
    order by job.created_at desc, job.id desc`
}

/** The first of them, up to and with the one that exceeds so many bytes. */
function upTo(mostBytes: number, jobs: Query<never>): Query<never> {
  return sql`
    select ${jobColumns}, job.listed
    from (
      select ${jobColumns},
        (count(*) over ())::integer as listed,
        sum(
          octet_length(job.input::text)
          + coalesce(octet_length(job.result::text), 0)
          + coalesce(octet_length(job.metadata::text), 0)
        ) over (
          order by job.created_at desc, job.id desc
          rows between unbounded preceding and 1 preceding
        ) as bytes_before
      from (${jobs}) as job
    ) as job
    where coalesce(job.bytes_before, 0) < ${mostBytes}`
}

export interface CountRow extends WithEpoch {
  readonly status: JobStatus
  readonly count: number
  /** Whether counting stopped at the cap. The same on every row. */
  readonly capped: boolean
}

/** How many of the newest `cap` jobs of a selection are in each status. */
export function countJobs(
  principal: Principal,
  selection: JobSelection,
  cap: number,
): Query<CountRow> {
  return sql`
    with counted as materialized (
      select job.status
      from longhaul.jobs as job
      where ${selected(principal, { ...selection, status: undefined })}
      order by job.created_at desc
      limit ${planned(cap + 1)}
    )
    select status, count(*)::integer as count, (select count(*) > ${cap} from counted) as capped
    from counted
    group by status`
}

/** The rows of `longhaul.jobs as job` that a selection means. */
export function selected(principal: Principal, selection: JobSelection): Query<never> {
  const { status, type, queue, tags, input, parent, scope = 'own' } = selection
  const fields = input && Object.entries(input).map(([path, value]) => fieldEntry(path, value))
  const conditions = [
    visibleTo(principal),
    ...(scope === 'own' ? [sql`job.owner_id = ${principal.userId}`] : []),
    ...(status === undefined ? [] : [sql`job.status = any(${status})`]),
    ...(type === undefined ? [] : [sql`job.type = any(${type})`]),
    ...(queue === undefined ? [] : [sql`job.queue = any(${queue})`]),
    ...(tags === undefined ? [] : [sql`job.tags @> ${tags}::text[]`]),
    ...(parent === undefined ? [] : [sql`job.parent_id = ${parent}`]),
    ...(fields === undefined ? [] : [sql`job.input_fields @> ${fields}::text[]`]),
  ]
  return conditions.reduce((all, condition) => sql`${all} and ${condition}`)
}
