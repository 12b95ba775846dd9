-- 0014: fields of the input by which jobs are found.
--
-- A job type says which fields of its input they are, and the job keeps them beside the input, as
-- texts `path=value`. The index holds only jobs of such types: what nobody filters by costs nothing.

insert into longhaul.migrations (number, name) values (14, 'input_fields');

alter table longhaul.jobs
  add column input_fields text[]; -- null: its type has none to filter by

-- Serves lists, windows, counts and changes of many jobs that have a filter by input.
create index jobs_input_fields_idx on longhaul.jobs using gin (input_fields)
  where input_fields is not null;
