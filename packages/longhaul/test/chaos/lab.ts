/** A database, processes of an app on it, and the means to hurt both. */
import pg from 'pg'
import { onTestFinished } from 'vitest'
import type { Job, JobStatus, JobStep } from '../../src/core/index.js'
import { findBinaries } from '../../src/postgres/embedded/binaries.js'
import { findPlaces } from '../../src/postgres/embedded/places.js'
import { runProgram } from '../../src/postgres/embedded/run-program.js'
import { makeTemporaryDirectory, openEmbeddedPostgres } from '../../src/postgres/index.js'
import { createLonghaul, type Longhaul } from '../../src/server/index.js'
import { ada } from '../database.js'
import { silent, testJob } from '../engine.js'
import { type AppOptions, type AppProcess, startApp } from './app-process.js'

export interface Lab {
  readonly database: pg.PoolConfig
  /** The app without a worker: enqueues and looks. */
  readonly app: Longhaul
  startApp(
    work?: object,
    options?: Pick<AppOptions, 'types' | 'flags' | 'listen'>,
  ): Promise<AppProcess>
  enqueue(type: string, input?: object): Promise<string>
  until(id: string, ...statuses: JobStatus[]): Promise<Job>
  untilSteps(id: string, test: (steps: readonly JobStep[]) => boolean): Promise<void>
  /** What a step did, how often, by job. */
  effects(id: string): Promise<Record<string, number>>
  query(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>
  /** Resolves when a query has no rows. */
  untilNone(text: string, values: readonly unknown[]): Promise<void>
}

export interface CrashLab extends Lab {
  /** Stop the database as a power cut would, and wait until it is back. */
  crashDatabase(): Promise<void>
}

/** On an embedded database of its own. */
export async function chaosLab(): Promise<CrashLab> {
  const { path: directory, remove } = await makeTemporaryDirectory('longhaul-chaos-')
  let restarted = (): void => undefined
  const server = await openEmbeddedPostgres({
    directory,
    whenAlone: async () => undefined,
    onRestart: () => restarted(),
  })
  onTestFinished(async () => {
    await server.close()
    await remove()
  })
  await makeEffects(server.connection)
  const lab = await openLab(server.connection)
  return {
    ...lab,
    async crashDatabase() {
      const back = new Promise<void>((resolve) => (restarted = resolve))
      const { account, dataDirectory } = await findPlaces(directory)
      const binaries = await findBinaries(account)
      await runProgram(
        binaries.path('pg_ctl'),
        ['stop', '-m', 'immediate', '-D', dataDirectory],
        account,
      )
      await back
    },
  }
}

/** Where steps leave what they did. */
export async function makeEffects(database: pg.PoolConfig): Promise<void> {
  const client = new pg.Client(database)
  await client.connect()
  await client.query(
    'create table public.effects (job_id uuid, name text, pid int, at timestamptz default now())',
  )
  await client.end()
}

/** On a database that somebody else has started, and that has a table for effects. */
export async function openLab(database: pg.PoolConfig): Promise<Lab> {
  const pool = new pg.Pool({ ...database, max: 2 })
  pool.on('error', () => undefined)
  onTestFinished(() => pool.end())
  const anyJob = (type: string): ReturnType<typeof testJob> =>
    testJob(type, () => null, { retry: { attempts: 20 } })
  const app = createLonghaul({
    jobs: [
      anyJob('stepped'),
      anyJob('spoken'),
      testJob('told', () => null, { retry: { attempts: 100 } }),
      anyJob('bought'),
      testJob('booked', () => null, { onCancel: () => undefined }),
      anyJob('family'),
      anyJob('noop'),
      testJob('poison', () => null, { retry: { attempts: 3 } }),
    ],
    database,
    authenticate: () => ada,
    logger: silent,
  }) as unknown as Longhaul
  onTestFinished(() => app.stop())
  await app.start()

  async function query(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<Record<string, unknown>[]> {
    const { rows } = await pool.query<Record<string, unknown>>(text, [...values])
    return rows
  }

  return {
    database,
    app,
    query,
    startApp: (work = {}, options = {}) => startApp({ database }, { work, ...options }),
    enqueue: async (type, input = {}) =>
      (await app.jobs.enqueue(type as never, input, { principal: ada })).id,
    async until(id, ...statuses) {
      for (;;) {
        const job = await app.jobs.get(ada, id).catch(() => undefined)
        if (job !== undefined && statuses.includes(job.status)) return job
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
    },
    async untilSteps(id, test) {
      while (!test(await app.jobs.steps(ada, id)))
        await new Promise((resolve) => setTimeout(resolve, 25))
    },
    async effects(id) {
      const rows = await query(
        'select name, count(*)::int as times from public.effects where job_id = $1 group by 1',
        [id],
      )
      return Object.fromEntries(rows.map((row) => [String(row['name']), Number(row['times'])]))
    },
    async untilNone(text, values) {
      while ((await query(text, values)).length > 0)
        await new Promise((resolve) => setTimeout(resolve, 25))
    },
  }
}
