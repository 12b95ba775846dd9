// What Postgres gives to a bare loop of batched statements that keeps finished jobs: no fence, no lease,
// no version, no tenant. Nothing that does more can be faster.
import { createBatch } from './batch.mjs'
import { connect } from './connect.mjs'

const schema = `
  create table if not exists jobs (
    id bigserial primary key, payload jsonb, state smallint not null default 0, created_at timestamptz default now()
  ) with (fillfactor = 80);
  create index if not exists jobs_ready on jobs (id) where state = 0;
  create table if not exists done (id bigint primary key, payload jsonb, created_at timestamptz, finished_at timestamptz default now());`

/** `run` does a job and resolves when it is done; jobs of a claim run side by side. */
export async function openQueue({ database, settings }, run) {
  const [writer, claimer, listener] = await Promise.all([1, 2, 3].map(() => connect(database)))
  await writer.query(`select pg_advisory_lock(1)`)
  await writer.query(schema)
  await writer.query(`select pg_advisory_unlock(1)`)
  let hint
  const insert = createBatch(async (payloads) => {
    await writer.query({
      name: 'insert',
      text: 'insert into jobs (payload) select payload from unnest($1::jsonb[]) as payload',
      values: [payloads.map((payload) => JSON.stringify(payload))],
    })
    hint = writer.query(`select pg_notify('jobs', '')`)
  })
  let stopped = false
  let isHinted = false
  let wake = () => undefined
  let looping
  async function loop(handle) {
    let finished = []
    while (!stopped) {
      isHinted = false
      const { rows } = await claimer.query({
        name: 'claim',
        text: `with finished as (delete from jobs where id = any($1::bigint[]) returning *),
          archived as (insert into done (id, payload, created_at) select id, payload, created_at from finished),
          due as (select id from jobs where state = 0 order by id limit ${settings.batch} for update skip locked)
          update jobs set state = 1 from due where jobs.id = due.id returning jobs.id, jobs.payload`,
        values: [finished],
        rowMode: 'array',
      })
      await Promise.all(rows.map(([id, payload]) => run({ id, payload, handle })))
      const isIdle = rows.length === 0 && finished.length === 0
      finished = rows.map(([id]) => id)
      if (!isIdle || stopped || isHinted) continue
      await new Promise((resolve) => {
        wake = resolve
        setTimeout(resolve, 500)
      })
    }
  }
  return {
    settings,
    enqueue: insert,
    bulk: (payloads) => Promise.all(payloads.map(insert)),
    async work(handle) {
      listener.on('notification', () => {
        isHinted = true
        wake()
      })
      await listener.query('listen jobs')
      looping = loop(handle)
    },
    pending: (meter) => meter.count('select count(*) as n from jobs'),
    async close() {
      stopped = true
      wake()
      await looping
      await hint
      await Promise.all([writer.end(), claimer.end(), listener.end()])
    },
  }
}
