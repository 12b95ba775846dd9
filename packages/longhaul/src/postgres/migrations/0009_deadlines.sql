-- 0009: limits in time of a whole job: when it has to have started, and when to have settled.
--
-- `start_within` and `deadline` are what was asked for, and count from when the job is due;
-- `start_by` and `deadline_at` are the times that come of it, while they can still be missed. A
-- retry by a person sets them anew. A worker stops its own jobs at their deadline, and a claim
-- passes over a job whose time is over; failOverdueJobs fails all others.

insert into longhaul.migrations (number, name) values (9, 'deadlines');

alter table longhaul.jobs
  add column start_within interval,
  add column start_by timestamptz(3),
  add column deadline interval,
  add column deadline_at timestamptz(3);

-- Serves failOverdueJobs: jobs without such limits are not in it, nor are settled ones.
create index jobs_overdue_idx on longhaul.jobs (least(start_by, deadline_at))
  where start_by is not null or deadline_at is not null;
