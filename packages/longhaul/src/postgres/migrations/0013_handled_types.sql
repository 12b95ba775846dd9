-- 0013: what workers have handlers of, so that jobs which nobody will take can be told from those
-- that wait for their turn.

insert into longhaul.migrations (number, name) values (13, 'handled_types');

alter table longhaul.workers
  add column handles text[]; -- each a type and a version: 'crawl_site 3'; null: a worker that did not say
