import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ada, type TestDatabase, testDatabase } from '../../../test/database.js'
import {
  bindTenantRole,
  grantClaims,
  notifyTaskStatus,
  openToOutsiders,
  publishJobs,
} from '../index.js'
import { cancelJob } from '../queries/jobs/cancel-job.js'
import { finishJobs } from '../queries/work/finish-jobs.js'
import { sqlState } from '../sql-state.js'
import { publicJobColumns } from './outsiders-script.js'

/** Two tenants, and in each a job of one's own and one that everybody in it sees. */
async function twoTenants(): Promise<TestDatabase> {
  const db = await testDatabase()
  await openToOutsiders(db)
  for (const tenantId of ['acme', 'globex']) {
    for (const visibility of ['owner', 'tenant'] as const)
      await db.insertJob({ tenantId, ownerId: 'ada', visibility, input: `{"of":"${tenantId}"}` })
    await db.insertJob({ tenantId, ownerId: 'bob', input: `{"of":"${tenantId}"}` })
  }
  return db
}

/** A role of this test's own, with a password. */
async function makeRole(db: TestDatabase, attributes = 'login'): Promise<string> {
  const role = `outsider_${randomUUID().slice(0, 8)}`
  await db.query(`create role ${role} ${attributes} password 'outside'`)
  onTestFinished(async () => {
    await db.query(`drop owned by ${role}`)
    await db.query(`drop role ${role}`)
  })
  return role
}

/** A connection that is this role and was never anybody else: there is nothing to reset it to. */
async function connectAs(db: TestDatabase, role: string): Promise<pg.Client> {
  const client = await db.connect()
  await client.query(`set session authorization ${role}`)
  return client
}

async function acmeReader(db: TestDatabase): Promise<pg.Client> {
  const role = await makeRole(db)
  await bindTenantRole(db, { role, tenantId: 'acme' })
  return connectAs(db, role)
}

async function seen(client: pg.Client, from = 'longhaul_api.jobs'): Promise<string[]> {
  const { rows } = await client.query<{ row: string }>(
    `select tenant_id || ' ' || owner_id || ' ' || visibility as row from ${from} order by 1`,
  )
  return rows.map(({ row }) => row)
}

async function refusal(client: pg.Client, statement: string): Promise<string | undefined> {
  return client.query(statement).then(
    () => undefined,
    (error: unknown) => sqlState(error),
  )
}

const notAllowed = '42501'
const allOfAcme = ['acme ada owner', 'acme ada tenant', 'acme bob owner']

describe('a tenant’s own database role', () => {
  it('G-57: reads the public columns of its tenant’s rows, and of one user when it is bound to one', async () => {
    const db = await twoTenants()
    const reader = await acmeReader(db)
    expect(await seen(reader)).toEqual(allOfAcme)
    expect(await seen(reader, 'longhaul.jobs')).toEqual(allOfAcme)
    for (const column of ['worker_id', 'fence', 'fingerprint', 'attempts', 'idempotency_key', '*'])
      expect(await refusal(reader, `select ${column} from longhaul.jobs`), column).toBe(notAllowed)

    const role = await makeRole(db)
    await bindTenantRole(db, { role, tenantId: 'globex', userId: 'bob' })
    const bob = await connectAs(db, role)
    expect(await seen(bob)).toEqual(['globex ada tenant', 'globex bob owner'])
    const unbound = await makeRole(db)
    await db.query(`grant longhaul_tenant to ${unbound}`)
    expect(await seen(await connectAs(db, unbound))).toEqual([])
  })

  it('G-57: reads no table but those, and writes none', async () => {
    const db = await twoTenants()
    const reader = await acmeReader(db)
    const tables = await db.query(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'longhaul'`,
    )
    const readable = new Set(['longhaul.jobs', 'longhaul.steps', 'longhaul.tenant_roles'])
    for (const { name } of tables as { name: string }[]) {
      const answer = await refusal(reader, `select count(*) from ${name}`)
      expect(answer, name).toBe(readable.has(name) ? undefined : notAllowed)
      for (const statement of [
        `delete from ${name}`,
        `truncate ${name}`,
        `do $$ begin lock table ${name}; end $$`,
        `insert into ${name} default values`,
        `alter table ${name} disable row level security`,
        `create policy mine on ${name} using (true)`,
      ])
        expect(await refusal(reader, statement), statement).toBe(notAllowed)
    }
    for (const statement of [
      `update longhaul.jobs set progress = 1`,
      `select from longhaul.jobs for update`,
      `update longhaul_api.jobs set progress = 1`,
      `update longhaul.tenant_roles set tenant_id = 'globex'`,
      `create table longhaul_api.mine ()`,
      `create function longhaul.mine() returns int language sql return 1`,
    ])
      expect(await refusal(reader, statement), statement).toBe(notAllowed)
    const { rows } = await reader.query('select tenant_id from longhaul.tenant_roles')
    expect(rows).toEqual([{ tenant_id: 'acme' }])
  })

  it('G-57: sees no more whatever it sets, and becomes nobody else', async () => {
    const db = await twoTenants()
    const reader = await acmeReader(db)
    for (const [name, value] of [
      ['longhaul.tenant', 'globex'],
      ['longhaul.user', 'ada'],
      ['request.jwt.claims', '{"tenant_id":"globex","app_metadata":{"tenant_id":"globex"}}'],
      ['row_security', 'off'],
      ['search_path', 'longhaul'],
    ] as const) {
      await reader.query('begin')
      await reader.query('select set_config($1, $2, true)', [name, value])
      // Without row security a query that would need it is refused, and not answered.
      if (name === 'row_security')
        expect(await refusal(reader, 'select id from longhaul.jobs')).toBe(notAllowed)
      else expect(await seen(reader), name).toEqual(allOfAcme)
      await reader.query('rollback')
    }
    for (const role of ['longhaul_engine', 'longhaul_reader', 'longhaul_claims'])
      expect(await refusal(reader, `set role ${role}`), role).toBe(notAllowed)
    await reader.query('set role longhaul_tenant')
    expect(await seen(reader)).toEqual([])
  })

  it('G-57: learns nothing of others by functions, statistics or copies', async () => {
    const db = await twoTenants()
    await db.query('analyze longhaul.jobs')
    const reader = await acmeReader(db)
    const told: string[] = []
    reader.on('notice', ({ message }) => told.push(message ?? ''))
    // So cheap that the planner would ask it first, if it might.
    await reader.query(`
      create function pg_temp.tell(input jsonb) returns boolean language plpgsql cost 0.0000001 as
      $$ begin raise notice '%', input; return true; end $$`)
    await reader.query('select id from longhaul_api.jobs where pg_temp.tell(input)')
    await reader.query('select id from longhaul.jobs where pg_temp.tell(input)')
    expect(told).toHaveLength(2 * allOfAcme.length)
    expect(told.join()).not.toContain('globex')

    const { rows } = await reader.query(
      `select from pg_stats where schemaname = 'longhaul' and tablename = 'jobs'`,
    )
    expect(rows).toEqual([])
    expect(await refusal(reader, 'copy longhaul.jobs to stdout')).toBe(notAllowed)
    expect(await refusal(reader, `select longhaul.run_statement('["select 1"]')`)).toBe(notAllowed)
    expect(await refusal(reader, 'select longhaul.epoch()')).toBe(notAllowed)
  })

  it('G-57: meets no function that acts as its owner, and no view that reads as its owner', async () => {
    const db = await twoTenants()
    await notifyTaskStatus(db)
    const functions = await db.query(
      `select proname from pg_proc where pronamespace::regnamespace::text like 'longhaul%' and prosecdef`,
    )
    expect(functions).toEqual([])
    const views = await db.query(
      `select relname from pg_class where relnamespace::regnamespace::text like 'longhaul%'
       and relkind in ('v', 'm') and not coalesce('security_invoker=true' = any(reloptions), false)`,
    )
    expect(views).toEqual([])
  })

  it('is refused when it sees more by another way, and when there is none', async () => {
    const db = await twoTenants()
    const reader = await makeRole(db)
    await db.query(`grant longhaul_reader to ${reader}`)
    const passing = await makeRole(db, 'bypassrls')
    for (const role of [reader, passing, 'nobody_of_that_name']) {
      const refused = expect.objectContaining({ code: 'invalid_configuration' })
      await expect(bindTenantRole(db, { role, tenantId: 'acme' })).rejects.toEqual(refused)
      await expect(grantClaims(db, role)).rejects.toEqual(refused)
    }
    const odd = `x"; drop schema longhaul; --`
    await expect(grantClaims(db, odd)).rejects.toThrow('There is no role')
  })
})

describe('a role whose token names the tenant, as Supabase’s authenticated', () => {
  it('G-57: reads what the claims allow: its own and what everybody in the tenant sees', async () => {
    const db = await twoTenants()
    const role = await makeRole(db, 'nologin')
    await grantClaims(db, role)
    // As PostgREST: a role that is only there to become another one for a transaction.
    const authenticator = await db.connect()
    const claimed = async (claims: object | string): Promise<string[]> => {
      await authenticator.query('begin')
      await authenticator.query(`set local role ${role}`)
      const text = typeof claims === 'string' ? claims : JSON.stringify(claims)
      await authenticator.query(`select set_config('request.jwt.claims', $1, true)`, [text])
      try {
        return await seen(authenticator)
      } finally {
        await authenticator.query('rollback')
      }
    }
    expect(await claimed({ sub: 'ada', tenant_id: 'acme' })).toEqual(allOfAcme.slice(0, 2))
    expect(await claimed({ sub: 'bob', app_metadata: { tenant_id: 'globex' } })).toEqual([
      'globex ada tenant',
      'globex bob owner',
    ])
    // What a user can write of themselves names no tenant.
    expect(await claimed({ sub: 'ada', user_metadata: { tenant_id: 'acme' } })).toEqual([])
    expect(await claimed({ sub: 'ada', role: 'anon' })).toEqual([])
    expect(await claimed({ tenant_id: 'acme' })).toEqual(['acme ada tenant'])
    expect(await claimed('')).toEqual([])
    await expect(claimed('{"tenant_id":')).rejects.toThrow('invalid input syntax for type json')
  })
})

describe('what others are told', () => {
  it('publishes the public columns and nothing else, also when it is asked for again', async () => {
    const db = await twoTenants()
    await db.query('create publication supabase_realtime')
    for (const name of ['longhaul_jobs', 'supabase_realtime', 'longhaul_jobs', 'supabase_realtime'])
      await publishJobs(db, name)
    const published = await db.query(
      `select pubname, string_agg(name, ', ' order by name) as columns
       from pg_publication_tables, unnest(attnames) as name group by pubname order by pubname`,
    )
    const columns = publicJobColumns.split(', ').toSorted().join(', ')
    expect(published).toEqual([
      { pubname: 'longhaul_jobs', columns },
      { pubname: 'supabase_realtime', columns },
    ])
    expect(
      await db.query(`select pubdelete from pg_publication where pubname = 'longhaul_jobs'`),
    ).toEqual([{ pubdelete: false }])
  })

  it('G-58: tells of each job that completes or fails once, with ids and never with what it is about', async () => {
    const db = await testDatabase()
    await openToOutsiders(db)
    await notifyTaskStatus(db)
    await notifyTaskStatus(db)
    const listener = await db.connect()
    const heard: string[] = []
    const done = new Promise<void>((resolve) => {
      listener.on('notification', ({ payload = '' }) => {
        if (payload === 'end') resolve()
        else heard.push(payload)
      })
    })
    await listener.query('listen task_status_change')
    const input = '{"contactId":"c1","agentId":"writer","wish":"secret"}'
    const id = await db.insertJob({ input })
    await db.claim({ workerId: await db.registerWorker() })
    await db.query('update longhaul.jobs set progress = 50, version = version + 1')
    const outcome = { action: 'complete', result: '{}' } as const
    const finish = finishJobs([{ tenantId: 'acme', id, fence: 1, outcome }])
    // The second is that of a worker whose first answer was lost.
    for (let n = 0; n < 2; n += 1) await db.run(finish)
    const cancelled = await db.insertJob({ input })
    const who = { principal: ada, reason: undefined, metadata: undefined }
    await db.run(cancelJob({ ...who, id: cancelled }))
    await db.query(`select pg_notify('task_status_change', 'end')`)
    await done
    expect(heard.map((text) => JSON.parse(text) as unknown)).toEqual([
      {
        task_id: id,
        agent_id: 'writer',
        status: 'completed',
        contact_id: 'c1',
        task_type: 'noop',
      },
    ])
    expect(heard.join()).not.toContain('secret')
  })
})
