import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ada, type TestDatabase, testDatabase } from '../../test/database.js'
import { cancelJob } from '../postgres/queries/jobs/cancel-job.js'
import { runCli } from './run-cli.js'

async function run(
  args: readonly string[],
  db?: TestDatabase,
): Promise<{ code: number; out: string[]; err: string[] }> {
  const out: string[] = []
  const err: string[] = []
  const { host, port, user, password, database } = db?.connection ?? {}
  const url = `postgres://${user}:${String(password ?? '')}@${encodeURIComponent(host ?? '')}:${port}/${database}`
  const code = await runCli({
    args,
    env: db === undefined ? {} : { DATABASE_URL: url },
    print: (line) => out.push(line),
    printError: (line) => err.push(line),
  })
  return { code, out, err }
}

describe('the command line', () => {
  it('says how it is used', async () => {
    expect(await run([])).toMatchObject({ code: 2, out: [expect.stringContaining('migrate')] })
    expect(await run(['help'])).toMatchObject({ code: 0 })
    expect(await run(['fly'])).toMatchObject({ code: 2, err: [expect.stringContaining('"fly"')] })
    expect(await run(['migrate'])).toMatchObject({
      code: 2,
      err: [expect.stringContaining('DATABASE_URL')],
    })
  })

  it('migrates', async () => {
    const db = await testDatabase()
    expect(await run(['migrate'], db)).toEqual({
      code: 0,
      out: ['the schema is up to date'],
      err: [],
    })
  })

  it.each([['--branch'], ['--schema'], ['--branch', '--all']])(
    'takes no schema from a name that is missing: %j',
    async (...args) => {
      expect(await run(['migrate', ...args], await testDatabase())).toMatchObject({
        code: 2,
        err: [expect.stringContaining(`${args[0]} needs a name`)],
      })
    },
  )

  it('lets outsiders read what is theirs, and says what it did', async () => {
    const db = await testDatabase()
    const role = `outsider_${randomUUID().slice(0, 8)}`
    await db.query(`create role ${role}`)
    const bound = ['rls', '--role', role, '--tenant', 'acme', '--notify']
    expect(await run([...bound, '--publication', 'jobs'], db)).toMatchObject({
      code: 0,
      out: [
        expect.stringContaining('longhaul_api'),
        `${role} reads the rows of acme`,
        'jobs publishes the public columns of jobs',
        'task_status_change tells of jobs that complete or fail',
      ],
    })
    expect(await run(['rls', '--claims', 'nobody_here'], db)).toMatchObject({
      code: 1,
      err: [expect.stringContaining('no role "nobody_here"')],
    })
    for (const misuse of [['--role', role], ['--tenant', 'acme'], ['--all']])
      expect(await run(['rls', ...misuse], db), misuse.join(' ')).toMatchObject({ code: 2 })
    await db.query(`drop owned by ${role}`)
    await db.query(`drop role ${role}`)
  })

  it('rescues the jobs of a dead worker and names them', async () => {
    const db = await testDatabase()
    const id = await db.insertJob()
    const workerId = await db.registerWorker()
    await db.claim({ workerId })
    await db.expireLease(workerId)
    expect(await run(['rescue'], db)).toEqual({ code: 0, out: [`acme ${id}`], err: [] })
    expect(await run(['rescue', '--limit', 'many'], db)).toMatchObject({ code: 2 })
    expect(await run(['rescue', '--all'], db)).toMatchObject({ code: 2 })
  })

  it('deletes what has expired', async () => {
    const db = await testDatabase()
    const id = await db.insertJob({ expiresAfterMs: 0 })
    await db.run(cancelJob({ principal: ada, id, reason: undefined, metadata: undefined }))
    expect(await run(['cleanup'], db)).toEqual({
      code: 0,
      out: ['deleted 1 expired jobs'],
      err: [],
    })
  })

  it('G-22: deletes what has expired behind many that somebody else has deleted', async () => {
    const db = await testDatabase()
    let last = ''
    for (let n = 0; n < 9; n += 1) {
      last = await db.insertJob({ expiresAfterMs: 0 })
      await db.run(cancelJob({ principal: ada, id: last, reason: undefined, metadata: undefined }))
    }
    await db.query('delete from longhaul.jobs where id <> $1', [last])
    expect(await run(['cleanup'], db)).toMatchObject({ out: ['deleted 1 expired jobs'] })
  })

  it('pauses and resumes a queue, or one tenant in it', async () => {
    const db = await testDatabase()
    expect(await run(['pause', 'noop'], db)).toEqual({ code: 0, out: ['paused noop'], err: [] })
    expect(await run(['pause', 'noop', '--tenant', 'acme'], db)).toMatchObject({ code: 0 })
    expect(
      await db.query('select tenant_id from longhaul.lanes where paused_at is not null order by 1'),
    ).toEqual([{ tenant_id: '' }, { tenant_id: 'acme' }])
    expect(await run(['resume', 'noop'], db)).toMatchObject({ out: ['noop is resumed'] })
    expect(await run(['resume', 'noop'], db)).toMatchObject({ out: ['noop was not paused'] })
    expect(await run(['pause'], db)).toMatchObject({ code: 2 })
    expect(await run(['pause', 'No Name'], db)).toMatchObject({ code: 2 })
    expect(await run(['pause', 'noop', '--all'], db)).toMatchObject({ code: 2 })
  })

  it('erases a user, and says what to do about what is left', async () => {
    const db = await testDatabase()
    await db.insertJob()
    await db.insertJob({ ownerId: 'bob' })
    expect(await run(['erase', '--tenant', 'acme', '--user', 'bob'], db)).toEqual({
      code: 0,
      out: ['erased 1 jobs and 0 schedules'],
      err: [],
    })
    expect(await db.query('select owner_id from longhaul.jobs')).toEqual([{ owner_id: 'ada' }])
    expect(await run(['erase', '--user', 'ada'], db)).toMatchObject({ code: 2 })
    expect(await run(['erase', '--all'], db)).toMatchObject({ code: 1 })
  })

  it('says in a sentence that the database cannot be reached', async () => {
    const err: string[] = []
    const code = await runCli({
      args: ['migrate'],
      env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
      print: () => undefined,
      printError: (line) => err.push(line),
    })
    expect(code).toBe(1)
    expect(err[0]).toMatch(/Postgres did not answer.*ECONNREFUSED/)
  })
})
