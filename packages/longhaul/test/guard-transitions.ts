import { transitions } from '../src/core/index.js'

/**
 * Triggers of test databases only: they refuse any change of a job that the status table does not
 * list, any visible change that does not count the version, and any change of a settled job but a
 * retry. So every test that runs SQL is also a test of these rules.
 */
export function guardTransitions(): string {
  const legal = Object.entries(transitions)
    .flatMap(([from, actions]) => Object.values(actions).map((to) => `('${from}', '${to}')`))
    .join(', ')
  const unseen = `'{promote_at,start_by,woken,item_count,items_completed,items_failed,items_cancelled}'::text[]`
  return `
    create schema longhaul_test;
    create function longhaul_test.guard_job() returns trigger language plpgsql as $$
    begin
      if old.status <> new.status and (old.status, new.status) not in (${legal}) then
        raise exception 'test guard: % -> % is no transition', old.status, new.status;
      end if;
      if old.finished_at is not null and new.status <> 'queued' then
        raise exception 'test guard: a settled job was changed';
      end if;
      if new.fence <> old.fence and not (new.status = 'running' and new.fence = old.fence + 1) then
        raise exception 'test guard: the fence changed without a claim';
      end if;
      if new.status = 'running' and old.status = 'running' and new.progress < old.progress then
        raise exception 'test guard: progress fell within an attempt';
      end if;
      -- Becoming ready is not visible, nor are when it has to have started and a batch's counts; everything else is.
      if (to_jsonb(old) - ${unseen}) <> (to_jsonb(new) - ${unseen})
         and new.version <> old.version + 1 then
        raise exception 'test guard: version % became %', old.version, new.version;
      end if;
      return new;
    end $$;
    create trigger guard_job before update on longhaul.jobs
      for each row execute function longhaul_test.guard_job();
    create function longhaul_test.guard_step() returns trigger language plpgsql as $$
    begin
      if old.status = 'completed' then
        raise exception 'test guard: a completed step was changed';
      end if;
      return new;
    end $$;
    create trigger guard_step before update on longhaul.steps
      for each row execute function longhaul_test.guard_step();`
}
