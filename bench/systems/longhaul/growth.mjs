import pg from 'pg'
import { open as openNoop } from './noop.mjs'
import { principal } from './open-app.mjs'

const piece = 50_000

/** The no-op queue, whose database can be brought into a state before the work begins. */
export async function open(context) {
  const app = await openNoop(context)
  const client = new pg.Client(context.database)
  await client.connect()
  return {
    ...app,
    states: statesOf({ app, client, context }),
    async list() {
      const url = 'http://localhost/api/longhaul/jobs?limit=20'
      const { jobs } = await (await app.longhaul.fetch(new Request(url))).json()
      if (jobs.length < 20) throw new Error(`The list has ${jobs.length} jobs.`)
    },
    async close() {
      await client.end()
      await app.close()
    },
  }
}

function statesOf({ app, client, context }) {
  const copies = async (count, changed, after = '') => {
    await app.enqueue({ note: 'x'.repeat(100) })
    for (let done = 0; done < count; done += piece) {
      await client.query(await copying(client, Math.min(piece, count - done), changed, after))
    }
    await client.query('vacuum analyze')
  }
  return {
    queued: (count) => copies(count, {}, ready),
    scheduled: (count) =>
      copies(count, { run_at: `now() + interval '1 day'`, promote_at: `now() + interval '1 day'` }),
    finished: (count) => copies(count, finished, expiring),
    async tenants(count) {
      const tenants = Array.from({ length: count }, (_, n) => `tenant-${n}`)
      for (const tenantId of tenants) {
        await app.longhaul.jobs.enqueue('noop', {}, { principal: { ...principal, tenantId } })
      }
    },
    async schedules(count) {
      for (let n = 0; n < count; n += 1) {
        await app.longhaul.schedules.set(principal, {
          id: `schedule-${n}`,
          type: 'noop',
          input: {},
          cron: '* * * * *',
          timeZone: 'UTC',
        })
      }
    },
    /** @returns a transaction that keeps all dead rows from being cleared away until it ends */
    async snapshot() {
      const holder = new pg.Client(context.database)
      await holder.connect()
      await holder.query('begin isolation level repeatable read')
      await holder.query('select count(*) from longhaul.jobs')
      return () => holder.end()
    },
  }
}

const ready = `, ready as (
  insert into longhaul.ready_jobs (queue, tenant_id, priority, run_at, id, type, type_version)
  select queue, tenant_id, priority, run_at, id, type, type_version from made)`

const finished = {
  status: `'completed'`,
  attempt: '1',
  fence: '1',
  started_at: 'now()',
  finished_at: 'now()',
  expires_at: `now() + interval '1 day'`,
}

const expiring = `, expiring as (
  insert into longhaul.expiries (expires_at, tenant_ids, job_ids)
  select max(expires_at), array_agg(tenant_id), array_agg(id)
  from (select *, row_number() over () / 500 as batch from made) as made group by batch)`

/** Rows like one that Longhaul made itself, so that a new column needs no change here. */
async function copying(client, count, changed, after) {
  const { rows } = await client.query(`
    select column_name as name from information_schema.columns
    where table_schema = 'longhaul' and table_name = 'jobs' and is_generated = 'NEVER'`)
  const names = rows.map(({ name }) => name)
  const values = { id: 'uuidv7()', ...changed }
  const selected = names.map((name) => values[name] ?? `model.${name}`)
  return `
    with made as (
      insert into longhaul.jobs (${names.join(', ')})
      select ${selected.join(', ')}
      from (select * from longhaul.jobs order by created_at limit 1) as model, generate_series(1, ${count})
      returning *)${after}
    select count(*) from made`
}
