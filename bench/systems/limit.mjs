import pg from 'pg'

const batch = 500

/**
 * What Postgres gives to a bare loop of batched statements that keeps finished jobs: no fence, no
 * lease, no version, no tenant. Nothing that does more can be faster.
 */
export async function open({ database, synchronousCommit }) {
  const connect = async () => {
    const client = new pg.Client({ ...database })
    await client.connect()
    await client.query(`set synchronous_commit to ${synchronousCommit}`)
    return client
  }
  const [writer, claimer, listener] = [await connect(), await connect(), await connect()]
  await writer.query(`
    create table if not exists jobs (
      id bigserial primary key, payload jsonb, state smallint not null default 0, created_at timestamptz default now()
    ) with (fillfactor = 80);
    create index if not exists jobs_ready on jobs (id) where state = 0;
    create table if not exists done (id bigint primary key, payload jsonb, created_at timestamptz, finished_at timestamptz default now());`)
  let waiting = []
  let hint
  let flying = false
  async function fly() {
    while (waiting.length > 0) {
      const flight = waiting
      waiting = []
      await writer.query({
        name: 'insert',
        text: 'insert into jobs (payload) select payload from unnest($1::jsonb[]) as payload',
        values: [flight.map(({ payload }) => payload)],
      })
      for (const { resolve } of flight) resolve()
      hint = writer.query(`select pg_notify('jobs', '')`)
    }
    flying = false
  }
  function insert(payload) {
    return new Promise((resolve) => {
      waiting.push({ payload: JSON.stringify(payload), resolve })
      if (flying) return
      flying = true
      setImmediate(() => void fly())
    })
  }
  let stopped = false
  let wake = () => undefined
  let looping
  async function loop(handle) {
    let finished = []
    while (!stopped) {
      const { rows } = await claimer.query({
        name: 'claim',
        text: `with finished as (delete from jobs where id = any($1::bigint[]) returning *),
          archived as (insert into done (id, payload, created_at) select id, payload, created_at from finished),
          due as (select id from jobs where state = 0 order by id limit ${batch} for update skip locked)
          update jobs set state = 1 from due where jobs.id = due.id returning jobs.id, jobs.payload`,
        values: [finished],
        rowMode: 'array',
      })
      for (const [, payload] of rows) handle(payload)
      const wasIdle = rows.length === 0 && finished.length === 0
      finished = rows.map(([id]) => id)
      if (!wasIdle || stopped) continue
      await new Promise((resolve) => {
        wake = resolve
        setTimeout(resolve, 500)
      })
    }
  }
  return {
    settings: { batch },
    enqueue: insert,
    bulk: (payloads) => Promise.all(payloads.map(insert)),
    async work(handle) {
      listener.on('notification', () => wake())
      await listener.query('listen jobs')
      looping = loop(handle)
    },
    pending: 'select count(*)::int as n from jobs',
    async close() {
      stopped = true
      wake()
      await looping
      await hint
      await Promise.all([writer.end(), claimer.end(), listener.end()])
    },
  }
}
