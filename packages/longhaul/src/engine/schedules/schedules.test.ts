import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { ada, bob, grace } from '../../../test/database.js'
import { type TestEngine, testEngine, testJob } from '../../../test/engine.js'
import { defineJob } from '../../core/index.js'

const digest = defineJob('digest', {
  input: z.object({ days: z.number().min(1) }),
  result: z.null(),
  run: () => null,
})
const daily = { id: 'daily', type: 'digest', input: { days: 7 }, cron: '0 8 * * *' } as const

async function becomesDue(engine: TestEngine, ago = '1 second'): Promise<void> {
  await engine.db.query(`update longhaul.schedules set next_at = now() - $1::interval`, [ago])
}

const made = (engine: TestEngine): Promise<Record<string, unknown>[]> =>
  engine.db.query(
    `select tenant_id, owner_id, type, metadata->'schedule'->>'id' as schedule from longhaul.jobs`,
  )

describe('a schedule', () => {
  it('makes its owner’s job when its time has come, and knows the next one', async () => {
    const engine = await testEngine([digest])
    const schedule = await engine.schedules.set(ada, { ...daily, timeZone: 'Europe/Lisbon' })
    expect(schedule).toMatchObject({ ...daily, timeZone: 'Europe/Lisbon', missed: 'once' })
    expect(await engine.schedules.fire()).toBeGreaterThan(0)
    expect(await made(engine)).toEqual([])
    await becomesDue(engine)

    await engine.startWorker()
    await engine.untilJob(
      await firstJob(engine),
      ({ status, metadata }) => status === 'completed' && metadata !== null,
    )

    expect(await made(engine)).toEqual([
      { tenant_id: 'acme', owner_id: 'ada', type: 'digest', schedule: 'daily' },
    ])
    const after = await engine.schedules.get(ada, 'daily')
    expect(Date.parse(after.nextAt)).toBeGreaterThan(Date.now())
    expect(after.lastAt).not.toBeNull()
  })

  it('F44, G-17: makes one job for each time, however many processes look at once', async () => {
    const engine = await testEngine([digest])
    await engine.schedules.set(ada, daily)
    await engine.schedules.set(grace, { ...daily, cron: '*/10 * * * *', missed: 'all' })
    await becomesDue(engine, '45 minutes')

    await Promise.all(Array.from({ length: 8 }, () => engine.schedules.fire()))
    await engine.schedules.fire()

    const jobs = await made(engine)
    expect(jobs.filter(({ owner_id: owner }) => owner === 'ada')).toHaveLength(1)
    const slots = await engine.db.query(
      `select metadata->'schedule'->>'slot' as slot from longhaul.jobs where owner_id = 'grace'`,
    )
    expect(slots.length).toBeGreaterThanOrEqual(5)
    expect(new Set(slots.map(({ slot }) => slot)).size).toBe(slots.length)
  })

  it('G-17: makes up for what was missed in transactions of a few MiB, each time once', async () => {
    const engine = await testEngine([testJob('log', () => null)])
    const log = { type: 'log', input: 'x'.repeat(20_000), cron: '* * * * * *' }
    for (const id of ['a', 'b', 'c']) await engine.schedules.set(ada, { ...log, id, missed: 'all' })
    await becomesDue(engine, '250 seconds')

    while ((await engine.schedules.fire()) === 0);

    const most = await engine.db.query(
      `select max(bytes)::int as bytes
       from (select sum(length(input::text)) as bytes from longhaul.jobs group by xmin::text) as each`,
    )
    expect(most[0]!['bytes']).toBeLessThan(8.1 * 1_048_576)
    const slots = await engine.db.query(
      `with made as (
         select metadata->'schedule'->>'id' as id, (metadata->'schedule'->>'slot')::timestamptz as slot
         from longhaul.jobs
       )
       select id, count(*) > 250 as all, bool_and(since > '0' and since <= '1 second') as each_once
       from (select id, slot - lag(slot) over (partition by id order by slot) as since from made) as each
       group by id`,
    )
    expect(slots).toHaveLength(3)
    for (const slot of slots) expect(slot).toMatchObject({ all: true, each_once: true })
  })

  it('that makes up for much leaves the others their turn', async () => {
    const engine = await testEngine([testJob('log', () => null)])
    const log = { type: 'log', input: 'x'.repeat(100_000), cron: '* * * * * *' }
    await engine.schedules.set(ada, { ...log, id: 'much', missed: 'all' })
    await becomesDue(engine, '250 seconds')
    await engine.schedules.set(grace, { ...log, id: 'one', input: 'once', missed: 'once' })
    await engine.db.query(`update longhaul.schedules set next_at = now() where id = 'one'`)

    await engine.schedules.fire()

    expect(new Set((await made(engine)).map(({ schedule }) => schedule))).toEqual(
      new Set(['much', 'one']),
    )
  })

  it('says why nothing comes when its job type no longer takes its input', async () => {
    const engine = await testEngine([digest])
    await engine.schedules.set(ada, daily)
    await engine.db.query(`update longhaul.schedules set input = '{"days":0}'`)
    await becomesDue(engine)

    await engine.schedules.fire()

    expect(await made(engine)).toEqual([])
    expect((await engine.schedules.get(ada, 'daily')).lastError).toMatchObject({
      code: 'invalid_input',
    })
  })

  it('that cannot be read stops no other', async () => {
    const engine = await testEngine([digest])
    await engine.schedules.set(grace, { ...daily, id: 'broken' })
    await engine.schedules.set(ada, daily)
    await engine.db.query(
      `update longhaul.schedules set time_zone = 'Mars/Base' where id = 'broken'`,
    )
    await becomesDue(engine)

    await engine.schedules.fire()

    expect((await made(engine)).map(({ schedule }) => schedule)).toEqual(['daily'])
    expect((await engine.schedules.get(grace, 'broken')).lastError).not.toBeNull()
  })

  it('that could not be read has its next time again once it is set where it can be', async () => {
    const engine = await testEngine([digest])
    await engine.schedules.set(ada, daily)
    await engine.db.query(`update longhaul.schedules set time_zone = 'Mars/Base'`)
    await becomesDue(engine)
    await engine.schedules.fire()
    await engine.db.query(`update longhaul.schedules set time_zone = 'UTC'`)

    const { nextAt } = await engine.schedules.set(ada, daily)

    expect(Date.parse(nextAt) - Date.now()).toBeLessThan(86_400_000 + 60_000)
  })

  it('F20: has its first time by the database’s clock, also where the process’s is ten hours fast', async () => {
    const engine = await testEngine([digest])
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 36_000_000 })
    onTestFinished(() => void vi.useRealTimers())
    await engine.schedules.set(ada, { ...daily, cron: '0 * * * *' })
    expect(
      await engine.db.query(
        `select next_at - now() between interval '0' and interval '1 hour' as is_next from longhaul.schedules`,
      ),
    ).toEqual([{ is_next: true }])
  })

  it('makes nothing while it is paused, and nothing for what it missed then', async () => {
    const engine = await testEngine([digest])
    await engine.schedules.set(ada, { ...daily, paused: true })
    await becomesDue(engine, '3 days')
    await engine.schedules.fire()
    const { paused, nextAt } = await engine.schedules.set(ada, daily)
    await engine.schedules.fire()
    expect(await made(engine)).toEqual([])
    expect(paused).toBe(false)
    expect(Date.parse(nextAt)).toBeGreaterThan(Date.now())
  })

  it('keeps what is due when it is set again with the same times, and only then', async () => {
    const engine = await testEngine([digest])
    await engine.schedules.set(ada, daily)
    await engine.schedules.set(bob, daily)
    await becomesDue(engine, '3 days')
    await engine.schedules.set(ada, { ...daily, input: { days: 3 } })
    await engine.schedules.set(bob, { ...daily, cron: '0 9 * * *' })
    await engine.schedules.fire()
    expect(await engine.db.query('select owner_id, input from longhaul.jobs')).toEqual([
      { owner_id: 'ada', input: { days: 3 } },
    ])
  })

  it('makes one job for each time, also when that time was set again', async () => {
    const engine = await testEngine([digest])
    await engine.schedules.set(ada, daily)
    await becomesDue(engine)
    await engine.schedules.fire()
    await engine.db.query('update longhaul.schedules set next_at = last_at')
    await engine.schedules.fire()
    expect(await made(engine)).toHaveLength(1)
    expect(Date.parse((await engine.schedules.get(ada, 'daily')).nextAt)).toBeGreaterThan(
      Date.now(),
    )
  })

  it('is its owner’s alone', async () => {
    const engine = await testEngine([digest])
    await engine.schedules.set(ada, daily)
    for (const other of [bob, grace]) {
      expect(await engine.schedules.list(other)).toEqual([])
      await expect(engine.schedules.get(other, 'daily')).rejects.toMatchObject({
        code: 'schedule_not_found',
      })
      await expect(engine.schedules.delete(other, 'daily')).rejects.toMatchObject({
        code: 'schedule_not_found',
      })
      await engine.schedules.set(other, { ...daily, input: { days: 1 } })
    }
    expect((await engine.schedules.get(ada, 'daily')).input).toEqual({ days: 7 })
    await engine.schedules.delete(ada, 'daily')
    expect(await engine.schedules.list(ada)).toEqual([])
  })

  it.each([
    [{ cron: 'often' }, '/cron'],
    [{ timeZone: 'Mars/Base' }, '/timeZone'],
    [{ id: 'No Name' }, '/id'],
    [{ missed: 'some' as 'all' }, '/missed'],
    [{ input: { days: 0 } }, '/input/days'],
    [{ priority: 5000 }, '/priority'],
  ])('is refused with %j', async (wrong, pointer) => {
    const engine = await testEngine([digest])
    await expect(engine.schedules.set(ada, { ...daily, ...wrong })).rejects.toMatchObject({
      code: 'invalid_input',
      issues: [{ pointer }],
    })
    expect(await engine.schedules.list(ada)).toEqual([])
  })

  it('is refused when a user has too many', async () => {
    const engine = await testEngine([testJob('noop', () => null)])
    await engine.db.query(
      `insert into longhaul.schedules (tenant_id, owner_id, id, job_type, input, priority, tags, cron,
         time_zone, missed, paused, next_at)
       select 'acme', 'ada', 's' || n, 'noop', '{}', 0, '{}', '@daily', 'UTC', 'once', true, now()
       from generate_series(1, 100) as n`,
    )
    const one = { id: 's1', type: 'noop', input: {}, cron: '@daily' }
    await expect(engine.schedules.set(ada, { ...one, id: 'more' })).rejects.toMatchObject({
      code: 'too_many_schedules',
    })
    expect((await engine.schedules.set(ada, one)).paused).toBe(false)
  })
})

async function firstJob(engine: TestEngine): Promise<string> {
  for (;;) {
    const [job] = await engine.db.query('select id from longhaul.jobs')
    if (job !== undefined) return String(job['id'])
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
