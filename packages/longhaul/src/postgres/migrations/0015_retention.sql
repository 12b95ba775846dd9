-- 0015: failed and cancelled jobs may be kept for another time than completed ones.
--
-- Read when a job settles, as `expires_after` is: `expires_at` is what counts from then on.

insert into longhaul.migrations (number, name) values (15, 'retention');

alter table longhaul.jobs
  add column failed_expires_after interval, -- null: as long as completed ones
  add column cancelled_expires_after interval;
