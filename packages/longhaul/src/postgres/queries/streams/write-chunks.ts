import { type Query, sql } from '../../sql.js'
import type { HeldJob } from '../work/pulse-jobs.js'

/** What one claim adds to one stream of its job. */
export interface NewChunk {
  readonly stream: string
  readonly seq: number
  /** Absent: written outside of steps. */
  readonly step?: string | undefined
  /** A reset: the steps whose chunks stay. */
  readonly keep?: readonly string[] | undefined
  /** JSON text of an array. */
  readonly content: string
}

export interface ChunksOfJob extends HeldJob {
  readonly chunks: readonly NewChunk[]
}

export interface WrittenRow extends HeldJob {
  /** False: the claim is no longer this worker's, and nothing was written. */
  readonly held: boolean
}

/**
 * Add chunks to the streams of many jobs. Each job's row is locked first, as by a pulse: one that
 * somebody else has locked comes back with no row, to be sent again. A reset deletes what it does
 * not keep. The same chunks can be sent twice.
 */
export function writeChunks(jobs: readonly ChunksOfJob[]): Query<WrittenRow> {
  return sql`
    with input as materialized (
      select * from json_to_recordset(${`[${jobs.map(rowOf).join(',')}]`}) as input(
        tenant_id text, id uuid, fence integer, chunks json
      )
    ),
    locked as materialized (
      select job.tenant_id, job.id, input.fence, input.chunks,
             job.fence = input.fence and job.status = 'running' as held
      from input
      join longhaul.jobs as job on job.tenant_id = input.tenant_id and job.id = input.id
      order by job.tenant_id, job.id
      for no key update of job skip locked
    ),
    chunks as materialized (
      select locked.tenant_id, locked.id as job_id, chunk.*
      from locked
      cross join json_to_recordset(locked.chunks) as chunk(
        stream text, seq integer, step text, keep text[], content jsonb
      )
      where locked.held
    ),
    dropped as (
      delete from longhaul.stream_chunks as old
      using chunks as reset
      where reset.keep is not null
        and old.tenant_id = reset.tenant_id and old.job_id = reset.job_id
        and old.stream = reset.stream and old.seq < reset.seq
        -- Earlier resets stay: a reader that has not come to them yet must drop what they dropped.
        and old.keep is null and (old.step is null or old.step <> all(reset.keep))
    ),
    stored as (
      insert into longhaul.stream_chunks (tenant_id, job_id, stream, seq, first_seq, step, keep, content)
      select tenant_id, job_id, stream, seq, seq, step, keep, content from chunks
      on conflict do nothing
    )
    select tenant_id, id, fence, held from locked`
}

/** The chunks are inside the row of their job: a join with it would compare every chunk with every job. */
function rowOf({ tenantId, id, fence, chunks }: ChunksOfJob): string {
  const row = JSON.stringify({ tenant_id: tenantId, id, fence })
  return `${row.slice(0, -1)},"chunks":[${chunks.map(chunkRow).join(',')}]}`
}

/** The content is JSON already, and is put in as it is. */
function chunkRow({ content, ...chunk }: NewChunk): string {
  return `${JSON.stringify(chunk).slice(0, -1)},"content":${content}}`
}
