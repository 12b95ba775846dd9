import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import pg from 'pg'
import { describe, expect, inject, it } from 'vitest'
import { newJob, testDatabase } from '../../test/database.js'
import { jobStatuses } from '../core/index.js'
import { readEpoch } from './epoch.js'
import { migrate } from './migrate.js'
import { migrations } from './migrations.js'
import { openPgDatabase } from './pg.js'
import { insertJobs } from './queries/jobs/insert-jobs.js'
import { claimJobs, readClaim } from './queries/work/claim-jobs.js'
import { roundAfter } from './queries/work/turns.js'
import { finishJobs } from './queries/work/finish-jobs.js'
import { pulseJobs } from './queries/work/pulse-jobs.js'
import { sql } from './sql.js'
import { sqlState } from './sql-state.js'

describe('the schema', () => {
  it('knows the same statuses as the status table', async () => {
    const db = await testDatabase()
    const [row] = await db.query(
      `select pg_get_constraintdef(oid) as definition from pg_constraint where conname = 'jobs_status_known'`,
    )
    const inSql = [...String(row!['definition']).matchAll(/'(\w+)'::text/g)].map(
      (match) => match[1],
    )
    expect(inSql.sort()).toEqual([...jobStatuses].sort())
  })

  it('keeps nothing that changes while a job runs in an index, so that such updates are heap-only', async () => {
    const db = await testDatabase()
    const rows = await db.query(
      `select distinct attname from pg_index
       join pg_attribute on attrelid = indrelid
         and (attnum = any(indkey) or pg_get_expr(indpred, indrelid) like '%' || attname || '%')
       where indrelid = 'longhaul.jobs'::regclass`,
    )
    const indexed = rows.map((row) => row['attname'])
    for (const column of [
      'status',
      'worker_id',
      'fence',
      'version',
      'progress',
      'stage',
      'finished_at',
      'expires_at',
    ]) {
      expect(indexed).not.toContain(column)
    }
  })

  it('updates the row of a job heap-only, at its claim, while it runs and at its end', async () => {
    const db = await testDatabase()
    await db.insertJob()
    const workerId = await db.registerWorker()
    const claim = {
      workerId,
      number: 1,
      endedClaims: [],
      round: roundAfter(['noop'], undefined),
      limit: 1,
    }

    const updates = await db.transaction(async (tx) => {
      const handled = [{ type: 'noop', version: 1 }]
      const [job] = readClaim(await tx.run(claimJobs({ ...claim, handled }))).jobs
      await tx.run(pulseJobs([{ ...job!, progress: 50, steps: [] }]))
      await tx.run(finishJobs([{ ...job!, outcome: { action: 'complete', result: '1' } }]))
      return tx.run(sql`
        select pg_stat_get_xact_tuples_updated('longhaul.jobs'::regclass)::integer as updated,
               pg_stat_get_xact_tuples_hot_updated('longhaul.jobs'::regclass)::integer as heap_only`)
    })

    expect(updates).toEqual([{ updated: 3, heapOnly: 3 }])
  })

  it('refuses rows that break its invariants', async () => {
    const db = await testDatabase()
    await db.insertJob()
    for (const change of [
      `status = 'running'`,
      `status = 'completed'`,
      `status = 'failed', finished_at = now(), expires_at = now()`,
      `result = '1'`,
      `finished_at = now()`,
      `tenant_id = repeat('é', 33)`,
      `status = 'paused'`,
    ]) {
      const error = await db
        .query(`update longhaul.jobs set version = version + 1, ${change}`)
        .catch((thrown: unknown) => thrown)
      expect(sqlState(error), change).toMatch(/^(23514|P0001)$/)
    }
  })

  it('is committed as a module that matches the SQL files', async () => {
    const root = new URL('../../../../', import.meta.url)
    const script = `import { migrationsModule } from './scripts/generate.mjs'; process.stdout.write(await migrationsModule())`
    const fresh = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
    })
    const committed = await readFile(new URL('migrations.ts', import.meta.url), 'utf8')
    expect(committed === String(fresh), 'stale: run `npm run generate`').toBe(true)
  })
})

describe('migrating', () => {
  async function emptyDatabase(): Promise<pg.ClientConfig> {
    const name = `${inject('template')}_${randomUUID().slice(0, 8)}`
    const admin = new pg.Client(inject('connection'))
    await admin.connect()
    await admin.query(`create database ${name}`)
    await admin.end()
    return { ...inject('connection'), database: name }
  }

  const open = (connection: pg.ClientConfig): ReturnType<typeof openPgDatabase> =>
    openPgDatabase({
      connection,
      applicationName: 'test',
      maxConnections: 2,
      synchronousCommit: 'off',
      prepare: true,
    })

  it('G-23: runs each migration once, however many processes start together', async () => {
    const connection = await emptyDatabase()
    const databases = Array.from({ length: 5 }, () => open(connection))
    const ran = await Promise.all(databases.map((db) => migrate(db)))
    expect(ran.flat().sort()).toEqual(migrations.map(({ name }) => name))
    await Promise.all(databases.map((db) => db.close()))
  })

  it('G-23: works beside a newer version, unless that one broke the schema', async () => {
    const db = open(await emptyDatabase())
    await migrate(db)
    await db.runScript(
      `insert into longhaul.migrations (number, name) values (9998, '9998_harmless')`,
    )
    expect(await migrate(db)).toEqual([])
    await db.runScript(
      `insert into longhaul.migrations (number, name, breaking) values (9999, '9999_new', true)`,
    )
    await expect(migrate(db)).rejects.toMatchObject({ code: 'incompatible_schema' })
    await db.close()
  })
})

describe('the epoch', () => {
  it('stays the same while the database lives, and changes when a crash has emptied its table', async () => {
    const db = await testDatabase()
    const epoch = await readEpoch(db)
    expect(await readEpoch(db)).toBe(epoch)
    await db.query('truncate longhaul.epochs')
    expect(await readEpoch(db)).not.toBe(epoch)
  })

  it('is one for all who find it gone at the same time', async () => {
    const db = await testDatabase()
    await db.query('truncate longhaul.epochs')
    const epochs = await Promise.all(Array.from({ length: 6 }, () => readEpoch(db)))
    expect(new Set(epochs).size).toBe(1)
  })
})

describe('row-level security', () => {
  it("G-20: shows a reader its own tenant's rows, by visibility and owner, and nothing without a tenant", async () => {
    const db = await testDatabase()
    await db.insertJob({ ownerId: 'ada' })
    await db.insertJob({ ownerId: 'bob' })
    await db.insertJob({ ownerId: 'bob', visibility: 'tenant' })
    await db.insertJob({ tenantId: 'globex', ownerId: 'ada', visibility: 'tenant' })
    const reader = await db.connect()
    await reader.query('set role longhaul_reader')
    const seen = async (tenant: string | null, user: string | null): Promise<unknown[]> => {
      await reader.query('begin')
      if (tenant !== null)
        await reader.query(`select set_config('longhaul.tenant', $1, true)`, [tenant])
      if (user !== null) await reader.query(`select set_config('longhaul.user', $1, true)`, [user])
      const { rows } = await reader.query(
        'select owner_id, visibility from longhaul.jobs order by 1, 2',
      )
      await reader.query('commit')
      return rows.map((row) => `${row.owner_id} ${row.visibility}`)
    }

    expect(await seen('acme', 'ada')).toEqual(['ada owner', 'bob tenant'])
    expect(await seen('acme', null)).toEqual(['bob tenant'])
    expect(await seen('globex', 'bob')).toEqual(['ada tenant'])
    expect(await seen(null, 'ada')).toEqual([])
    expect(await seen('', '')).toEqual([])
  })

  it('lets a reader write nothing and see no table of the engine', async () => {
    const db = await testDatabase()
    const reader = await db.connect()
    await reader.query('set role longhaul_reader')
    for (const statement of [
      `delete from longhaul.jobs`,
      `update longhaul.jobs set progress = 1`,
      `select from longhaul.ready_jobs`,
      `select from longhaul.workers`,
    ]) {
      const error = await reader.query(statement).catch((thrown: unknown) => thrown)
      expect(sqlState(error), statement).toBe('42501')
    }
  })

  it('G-20: is forced on every table that has a tenant', async () => {
    const db = await testDatabase()
    const open = await db.query(
      `select relname from pg_class
       join pg_attribute on attrelid = pg_class.oid and attname = 'tenant_id'
       where relnamespace = 'longhaul'::regnamespace and relkind = 'r'
         and not (relrowsecurity and relforcerowsecurity)`,
    )
    expect(open).toEqual([])
  })

  it('lets an ordinary role that owns the schema do all that the engine does', async () => {
    const db = await testDatabase()
    const role = `engine_${randomUUID().slice(0, 8)}`
    await db.query(`create role ${role} nologin`)
    await db.query(`grant longhaul_engine to ${role}`)
    const engine = await db.connect()
    await engine.query(`set role ${role}`)
    const { text, values } = insertJobs([newJob()], 1000)
    await engine.query(text, [...values])
    const { rows } = await engine.query('select from longhaul.jobs')
    expect(rows).toHaveLength(1)
    await engine.query('reset role')
    await engine.query(`drop owned by ${role}`)
    await engine.query(`drop role ${role}`)
  })
})

it('survives a migration under its prepared statements: the connection is made anew', async () => {
  const db = await testDatabase()
  const read = sql<{ note: string }>`select * from public.notes`
  await db.runScript(
    'create table public.notes (note text); insert into public.notes values ($$a$$)',
  )
  await Promise.all(Array.from({ length: 8 }, () => db.run(read)))
  await db.query('alter table public.notes add column more text')
  const answers = await Promise.all(Array.from({ length: 8 }, () => db.run(read)))
  expect(answers.flat()).toEqual(Array.from({ length: 8 }, () => ({ note: 'a', more: null })))
})
