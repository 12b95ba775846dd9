import { randomInt } from 'node:crypto'
import { expect, it } from 'vitest'
import { type AppProcess, chaosLab, type Lab } from './chaos/lab.js'
import { chooseBy } from './interleave/explore.js'

const isLong = process.env['LONGHAUL_CHAOS'] !== undefined
const faults = isLong ? 40 : 3
const seed = Number(process.env['LONGHAUL_SEED'] ?? randomInt(2 ** 31))
const lease = { lease: '1s', concurrency: 20 }

it(
  'G-01, G-04, G-05, G-07: loses no acknowledged job and runs no finished step again, whatever is killed',
  { timeout: isLong ? 1_800_000 : 180_000 },
  async () => {
    const lab = await chaosLab()
    const choose = chooseBy(seed)
    const apps = await Promise.all([lab.startApp(lease), lab.startApp(lease)])
    const acknowledged = new Set<string>()
    const killed: { readonly at: unknown; readonly pid: unknown }[] = []
    /** What these were doing when they were stopped they finish later, and nobody takes it. */
    const frozen: unknown[] = []

    for (let fault = 0; fault < faults; fault += 1) {
      const load = enqueueSome(lab, acknowledged)
      const victim = choose(apps.length)
      const kind = choose(4)
      if (kind === 0) await Promise.all([lab.crashDatabase(), load])
      else if (kind === 1) {
        frozen.push(apps[victim]!.process.pid)
        await freeze(lab, apps[victim]!)
      } else {
        const at = (await lab.query('select now()'))[0]!['now']
        killed.push({ at, pid: apps[victim]!.process.pid })
        apps[victim]!.kill('SIGKILL')
        await apps[victim]!.gone
        apps[victim] = await lab.startApp(lease)
      }
      await load
    }

    for (const id of acknowledged) await lab.until(id, 'completed', 'failed', 'cancelled')
    const [history] = await lab.query(historyOf, [
      [...acknowledged],
      killed.map(({ at }) => at),
      killed.map(({ pid }) => pid),
      frozen,
    ])
    console.info(`seed ${seed}, ${faults} faults: ${JSON.stringify(history)}`)
    expect(history, `LONGHAUL_SEED=${seed}`).toMatchObject({
      acknowledged: acknowledged.size,
      lost: 0,
      settledWrongly: 0,
      ranAgain: 0,
      withoutEffect: 0,
    })
    expect(acknowledged.size).toBeGreaterThan(faults)
  },
)

/** Whether one that was refused is there nobody has promised. */
async function enqueueSome(lab: Lab, acknowledged: Set<string>): Promise<void> {
  const asked = Array.from({ length: 30 }, () => lab.enqueue('stepped', { steps: 4 }))
  for (const answer of await Promise.allSettled(asked))
    if (answer.status === 'fulfilled') acknowledged.add(answer.value)
}

/** Past its lease: another has its jobs when it wakes up. */
async function freeze(lab: Lab, app: AppProcess): Promise<void> {
  app.kill('SIGSTOP')
  await lab.untilNone(
    `select from longhaul.workers where name like '% ' || $1 and lease_expires_at > now()`,
    [String(app.process.pid)],
  )
  app.kill('SIGCONT')
}

/** What the database and the effects say of it, by the database's clock. */
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
    (select count(*) from job where status <> 'completed')::int as "settledWrongly",
    (select count(*) from longhaul.steps as step join public.effects as effect
       on effect.job_id = step.job_id and effect.name = step.key and effect.at > step.finished_at + interval '1 ms'
       and effect.pid <> all($4::int[]))::int as "ranAgain",
    (select count(*) from longhaul.steps as step where step.status = 'completed' and not exists (
       select from public.effects as effect where effect.job_id = step.job_id and effect.name = step.key))::int as "withoutEffect",
    (select count(*) from public.effects)::int as effects,
    (select percentile_disc(0.5) within group (order by after_ms)::int from taken_back) as "takeoverP50Ms",
    (select percentile_disc(0.99) within group (order by after_ms)::int from taken_back) as "takeoverP99Ms"`
