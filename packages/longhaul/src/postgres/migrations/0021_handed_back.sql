-- 0021: progress goes on where it was when an attempt was handed back.
--
-- An attempt that a shutdown hands back, or that was lost by another's fault, does not count: the next one
-- has its number. To whoever watches it is the same attempt, so its progress must not fall.

insert into longhaul.migrations (number, name) values (21, 'handed_back');

-- The attempt that was claimed last did not count.
alter table longhaul.jobs add column handed_back boolean not null default false;
