/**
 * Two or three operations at the same time must come to what some order of them, one after the
 * other, would have come to: their answers and every row they leave behind. What those orders come
 * to is not written down but found out, with the statements as they are.
 */
import type { TestDatabase } from '../database.js'
import type { Choose } from './explore.js'
import { asIs } from './mutants.js'
import type { Operation } from './operations.js'
import type { Scenario } from './scenarios.js'
import { openSessions, type Rewrite } from './sessions.js'

export interface Lab {
  /** What the operations may come to. */
  serially(scenario: Scenario, operations: readonly Operation[]): Promise<ReadonlySet<string>>
  /** What they come to in an order of their statements. */
  together(
    scenario: Scenario,
    operations: readonly Operation[],
    how: { readonly rewrite: Rewrite; readonly choose: Choose },
  ): Promise<string>
}

export async function openLab(db: TestDatabase): Promise<Lab> {
  const sessions = await openSessions(db, 3)
  await db.query('create table public.orders (note text)')

  async function repeat(
    operations: readonly Operation[],
    answers: unknown[],
    rewrite: Rewrite,
  ): Promise<string> {
    // Twice: a sweep comes again also after an operation that was passed over and is sent again.
    for (const [n, operation] of [...operations.entries(), ...operations.entries()]) {
      if (operation.isRepeated(answers[n]))
        answers[n] = await sessions.runAlone(operation.work, rewrite)
    }
    return JSON.stringify({
      answers: Object.fromEntries(operations.map(({ name }, n) => [`${n} ${name}`, answers[n]])),
      rows: (await db.query(everything))[0],
    })
  }

  async function begin(scenario: Scenario): Promise<void> {
    await db.query(nothing)
    await scenario.setUp(db)
  }

  return {
    async serially(scenario, operations) {
      const outcomes = new Set<string>()
      for (const order of permutations(operations.map((_, n) => n))) {
        await begin(scenario)
        const answers: unknown[] = []
        for (const n of order) answers[n] = await sessions.runAlone(operations[n]!.work, asIs)
        outcomes.add(await repeat(operations, answers, asIs))
      }
      return outcomes
    },
    async together(scenario, operations, { rewrite, choose }) {
      await begin(scenario)
      const works = operations.map(({ work }) => work)
      const answers = await sessions.interleave(works, rewrite, choose)
      return repeat(operations, answers, rewrite)
    },
  }
}

function permutations(items: readonly number[]): number[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  )
}

const nothing = [
  'jobs',
  'ready_jobs',
  'claims',
  'workers',
  'steps',
  'signals',
  'cancellations',
  'lanes',
  'lane_slots',
  'expiries',
  'cleanups',
  'settled_children',
  'settled_items',
  'cascades',
  'quarantined_jobs',
]
  .map((table) => `delete from longhaul.${table}`)
  .concat('delete from public.orders')
  .join(';')

/** All that an operation may change, but for times. */
const everything = `
  select
    (select jsonb_agg(jsonb_build_array(
       tenant_id, id, status, attempt, max_attempts, fence, version, worker_id, progress, result, error,
       jsonb_array_length(attempts), woken, handed_back, items_completed, items_failed, items_cancelled, start_by is not null, deadline_at is not null, cancel_requested_at is not null, finished_at is not null,
       case when promote_at = 'infinity' then 'never' when promote_at > now() then 'later' when promote_at is not null then 'due' end,
       (select count(*) from longhaul.claims as claim
        where claim.worker_id = job.worker_id and job.id = any(claim.job_ids))
     ) order by tenant_id, id) from longhaul.jobs as job) as jobs,
    (select jsonb_agg(jsonb_build_array(tenant_id, id) order by tenant_id, id) from longhaul.ready_jobs) as ready,
    (select jsonb_agg(jsonb_build_array(key, status, runs, result) order by key) from longhaul.steps) as steps,
    (select jsonb_agg(jsonb_build_array(name, received_at is not null)) from longhaul.signals) as signals,
    (select jsonb_agg(note) from public.orders) as orders,
    (select jsonb_agg(status order by status) from longhaul.cancellations) as cancellations,
    (select jsonb_agg(jsonb_build_array(runs, run_id is not null)) from longhaul.cleanups) as cleanups,
    (select jsonb_agg(job_id order by job_id) from longhaul.lane_slots) as slots,
    (select count(*) from longhaul.settled_children) as settled_children,
    (select count(*) from longhaul.settled_items) as settled_items,
    (select jsonb_agg(jsonb_build_array(job_id, after_id)) from longhaul.cascades) as cascades,
    (select jsonb_agg(jsonb_build_array(job_id, fence, goes_first, let_out_at is not null, runs_since is not null) order by job_id)
     from longhaul.quarantined_jobs) as quarantined`
