import { type Query, sql } from '../../sql.js'
import type { JobKey } from '../jobs/find-jobs.js'

/** How much a compacted row holds, in bytes of JSON: what is read and framed in one piece. */
const pieceBytes = 131_072

/**
 * Put the chunks of settled jobs together: few rows in place of one for every twentieth of a second.
 * Neighbours of one step become one row that stands for all of them. The rows of a stream that was
 * reset get new numbers, of which the first stands for the whole past: whoever stopped there may
 * hold what was dropped, and begins again. A job that has not settled, or is locked, is left as it is.
 */
export function compactStreams(jobs: readonly JobKey[]): Query<never> {
  return sql`
    with settled as materialized (
      select job.tenant_id, job.id
      from unnest(
        ${jobs.map(({ tenantId }) => tenantId)}::text[], ${jobs.map(({ id }) => id)}::uuid[]
      ) as wanted(tenant_id, id)
      join longhaul.jobs as job on job.tenant_id = wanted.tenant_id and job.id = wanted.id
      where job.finished_at is not null
      order by job.tenant_id, job.id
      for no key update of job skip locked
    ),
    chunks as materialized (
      delete from longhaul.stream_chunks as chunk
      using settled
      where chunk.tenant_id = settled.tenant_id and chunk.job_id = settled.id
      returning chunk.tenant_id, chunk.job_id, chunk.stream, chunk.seq, chunk.first_seq, chunk.step,
                chunk.keep, chunk.content
    ),
    streams as materialized (
      select tenant_id, job_id, stream, max(seq) as last_seq, bool_or(keep is not null) as was_reset
      from chunks
      group by tenant_id, job_id, stream
    ),
    marked as (
      select chunks.*,
             step is distinct from lag(step) over in_order
               or lag(seq) over in_order is null as starts,
             sum(octet_length(content::text)) over in_order / ${pieceBytes} as piece
      from chunks
      where keep is null
      window in_order as (partition by tenant_id, job_id, stream order by seq)
    ),
    numbered as (
      select marked.*,
             count(*) filter (where starts) over (
               partition by tenant_id, job_id, stream order by seq
             ) as run
      from marked
    ),
    merged as (
      select tenant_id, job_id, stream, min(first_seq) as first_seq, max(seq) as seq, step,
             jsonb_agg(value order by seq, place) as content
      from numbered, jsonb_array_elements(content) with ordinality as element(value, place)
      group by tenant_id, job_id, stream, run, piece, step
    ),
    renumbered as (
      select merged.*, last_seq, was_reset,
             row_number() over (partition by tenant_id, job_id, stream order by seq)::integer as place
      from merged
      join streams using (tenant_id, job_id, stream)
    )
    insert into longhaul.stream_chunks (tenant_id, job_id, stream, seq, first_seq, step, content)
    select tenant_id, job_id, stream,
           case when was_reset then last_seq + place else seq end,
           case when not was_reset then first_seq when place = 1 then 1 else last_seq + place end,
           step, content
    from renumbered
    union all
    -- All that was written was dropped again: its numbers must not be given twice.
    select tenant_id, job_id, stream, last_seq, 1, null, '[]'::jsonb
    from streams
    where not exists (
      select
      from merged
      where merged.tenant_id = streams.tenant_id and merged.job_id = streams.job_id
        and merged.stream = streams.stream
    )`
}
