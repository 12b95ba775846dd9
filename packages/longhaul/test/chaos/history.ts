/** The history of a run: what was acknowledged, what the database holds, what the steps did, and what a client saw. */
import { expect } from 'vitest'
import type { Lab } from './lab.js'
import type { Witness } from './witness.js'

export interface Recorded {
  readonly acknowledged: ReadonlySet<string>
  /** Of those: what was acknowledged to be cancelled, and where the answer to that was lost. */
  readonly cancelled?: ReadonlySet<string>
  readonly maybeCancelled?: ReadonlySet<string>
  /** Processes that were killed, and when by the database's clock. */
  readonly killed?: readonly { readonly at: unknown; readonly pid: unknown }[]
  /** Processes that were stopped and went on: what they were doing they finish late, and nobody takes it. */
  readonly frozen?: readonly unknown[]
  readonly witness?: Witness
}

/** Nothing acknowledged is lost or settled as it should not be, and no finished step has run again. */
export async function checkHistory(
  lab: Lab,
  {
    acknowledged,
    cancelled = new Set(),
    maybeCancelled = new Set(),
    killed = [],
    frozen = [],
    witness,
  }: Recorded,
  title: string,
): Promise<void> {
  for (const id of acknowledged) await lab.until(id, 'completed', 'failed', 'cancelled')
  await lab.untilNone('select from longhaul.jobs where finished_at is null', [])
  await witness?.untilCurrent()
  const [found] = await lab.query(historyOf, [
    [...acknowledged],
    killed.map(({ at }) => at),
    killed.map(({ pid }) => pid),
    frozen,
    [...cancelled],
    [...maybeCancelled],
  ])
  const history = { ...found, shown: witness?.shown(), shownWrongly: witness?.wrong ?? [] }
  console.info(`${title}: ${JSON.stringify(history)}`)
  expect(history, title).toMatchObject({
    acknowledged: acknowledged.size,
    lost: 0,
    settledWrongly: 0,
    childrenWrong: 0,
    ranAgain: 0,
    withoutEffect: 0,
    shownWrongly: [],
  })
}

const historyOf = `
  with job as (
    select job.* from unnest($1::uuid[]) as wanted(id) left join longhaul.jobs as job using (id)
  ),
  taken_back as (
    select extract(epoch from max((failure->>'failedAt')::timestamptz) - killed_at) * 1000 as after_ms
    from unnest($2::timestamptz[], $3::int[]) as killed(killed_at, pid)
    join longhaul.workers as worker on worker.name like '% ' || killed.pid
    cross join job
    cross join jsonb_array_elements(job.attempts) as failure
    where failure->>'workerId' = worker.id::text
      and (failure->>'failedAt')::timestamptz > killed_at
    group by killed_at
  )
  select
    (select count(*) from unnest($1::uuid[]))::int as acknowledged,
    (select count(*) from job where status is null)::int as lost,
    (select count(*) from job where id <> all($6::uuid[])
       and status <> case when id = any($5::uuid[]) then 'cancelled' else 'completed' end)::int as "settledWrongly",
    (select count(*) from job where type = 'family' and status = 'completed'
       and (input->>'children')::int is distinct from
           (select count(*) from longhaul.jobs as child where child.parent_id = job.id and child.status = 'completed'))::int
      as "childrenWrong",
    (select count(*) from longhaul.steps as step join public.effects as effect
       on effect.job_id = step.job_id and effect.name = step.key and effect.at > step.finished_at + interval '1 ms'
       and effect.pid <> all($4::int[]))::int as "ranAgain",
    (select count(*) from longhaul.steps as step where step.kind = 'step' and step.status = 'completed' and not exists (
       select from public.effects as effect where effect.job_id = step.job_id and effect.name = step.key))::int as "withoutEffect",
    cardinality($5::uuid[]) as cancelled,
    (select count(*) from longhaul.jobs where parent_id is not null)::int as children,
    (select count(*) from public.effects)::int as effects,
    (select percentile_disc(0.5) within group (order by after_ms)::int from taken_back) as "takeoverP50Ms",
    (select percentile_disc(0.99) within group (order by after_ms)::int from taken_back) as "takeoverP99Ms"`
