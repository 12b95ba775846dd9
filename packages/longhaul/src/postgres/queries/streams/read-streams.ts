import type { JobStatus, Visibility } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import type { WithEpoch } from '../../epoch.js'
import type { JobKey } from '../jobs/find-jobs.js'

export interface StreamPlace extends JobKey {
  readonly stream: string
  /** The last chunk that the reader has; 0: none. */
  readonly after: number
  /** When the job was made that this place is in. Absent: whatever job has the id. */
  readonly createdAt?: string | undefined
}

/** What one place came to: the job, and the chunks that follow. Without a job only `place` is there. */
export type StreamRow = WithEpoch & {
  /** Which of the places, counted from 1; null: none was asked for. */
  readonly place: number | null
} & (JobOfStream | { readonly ownerId: null })

interface JobOfStream {
  readonly tenantId: string
  readonly ownerId: string
  readonly visibility: Visibility
  readonly status: JobStatus
  readonly createdAt: string
  readonly version: number
  /** The number of the stream's last chunk; 0: it has none. */
  readonly head: number
  /** The place is in a range that was compacted, or of another job: the chunks are those from the start. */
  readonly restarted: boolean
  /** Null: none follows. */
  readonly seq: number | null
  readonly step: string | null
  readonly keep: readonly string[] | null
  /** JSON text of an array. */
  readonly content: string | null
}

/** How much of a stream is read at once. One chunk always is. */
const pageBytes = 262_144
const pageChunks = 500

/** The next chunks of each place, oldest first, as many as one page holds. Whoever asks: each reader is checked by itself. */
export function readStreams(places: readonly StreamPlace[]): Query<StreamRow> {
  return sql`
    select (select longhaul.epoch()) as epoch, stream.*
    from (values (1)) as always
    left join (
      select place.place::integer, job.tenant_id, job.owner_id, job.visibility, job.status,
             job.created_at, job.version, coalesce(head.seq, 0) as head, start.restarted,
             chunk.seq, chunk.step, chunk.keep, chunk.content::text
      from unnest(
        ${places.map(({ tenantId }) => tenantId)}::text[],
        ${places.map(({ id }) => id)}::uuid[],
        ${places.map(({ stream }) => stream)}::text[],
        ${places.map(({ after }) => after)}::integer[],
        ${places.map(({ createdAt }) => createdAt ?? null)}::timestamptz[]
      ) with ordinality as place(tenant_id, job_id, stream, after, created_at, place)
      left join longhaul.jobs as job on job.tenant_id = place.tenant_id and job.id = place.job_id
      left join lateral (
        select max(seq) as seq
        from longhaul.stream_chunks as last
        where last.tenant_id = job.tenant_id and last.job_id = job.id and last.stream = place.stream
      ) as head on true
      cross join lateral (
        select place.after > 0 and (
          coalesce(place.created_at <> job.created_at, false)
          or place.after > coalesce(head.seq, 0)
          or exists (
            select
            from longhaul.stream_chunks as range
            where range.tenant_id = job.tenant_id and range.job_id = job.id
              and range.stream = place.stream and range.seq > place.after and range.first_seq <= place.after
          )
        ) as restarted
      ) as start
      left join lateral (
        select page.*
        from (
          select following.seq, following.step, following.keep, following.content,
                 sum(octet_length(following.content::text)) over (order by following.seq)
                   - octet_length(following.content::text) as bytes_before
          from (
            select seq, step, keep, content
            from longhaul.stream_chunks as next
            where next.tenant_id = job.tenant_id and next.job_id = job.id
              and next.stream = place.stream
              and next.seq > case when start.restarted then 0 else place.after end
            order by seq
            limit ${pageChunks}
          ) as following
        ) as page
        where page.bytes_before < ${pageBytes}
      ) as chunk on true
    ) as stream on true
    order by stream.place, stream.seq`
}
