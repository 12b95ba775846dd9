-- 0002: streams, the partial output of jobs.
--
-- A stream is a log: chunks in the order of `seq`, numbered by the claim that runs the job, so the
-- order of `seq` is the order of writing and a reader continues after the last one that it has. Every
-- chunk is inserted under the job's lock by the claim that holds it; nobody else can add one.
--
-- A chunk belongs to the step that wrote it. When a job runs again, its new claim first writes a
-- reset, a chunk of its own that names the steps that had finished: what they wrote stays, and
-- everything else is deleted by the same statement, because it will be written again.
--
-- Once the job has settled its chunks are compacted: one row then stands for all of `first_seq` to
-- `seq`. A reader that stopped inside such a range begins the stream again.

insert into longhaul.migrations (number, name) values (2, 'streams');

create table longhaul.stream_chunks (
  tenant_id text not null,
  job_id    uuid not null,
  stream    text not null check (stream ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  seq       integer not null,
  first_seq integer not null, -- less than seq: a compacted range
  step      text, -- the key of the step that wrote it; null: written outside of steps
  keep      text[], -- a reset: the steps whose chunks stay
  content   jsonb not null, -- an array of the values that were written
  constraint stream_chunks_range check (first_seq between 1 and seq),
  constraint stream_chunks_hold_values check (jsonb_typeof(content) = 'array'),
  constraint stream_chunks_reset_holds_nothing check (keep is null or (step is null and content = '[]')),
  -- Serves readStreams, findStreamHeads, and what deletes the chunks of a job.
  primary key (tenant_id, job_id, stream, seq)
);

alter table longhaul.stream_chunks enable row level security;
alter table longhaul.stream_chunks force row level security;
create policy engine_sees_all on longhaul.stream_chunks to longhaul_engine using (true);
create policy reader_sees_chunks_of_visible_jobs on longhaul.stream_chunks
  for select to longhaul_reader
  using (
    tenant_id = longhaul.current_tenant()
    and exists (
      select from longhaul.jobs as job
      where job.tenant_id = stream_chunks.tenant_id and job.id = stream_chunks.job_id
    )
  );

grant select, insert, update, delete on longhaul.stream_chunks to longhaul_engine;
grant select on longhaul.stream_chunks to longhaul_reader;
