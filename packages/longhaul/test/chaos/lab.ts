/** A database, processes of an app on it, and the means to hurt both. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
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

export interface AppProcess {
  readonly process: ChildProcess
  /** Resolves when the process says so, or has said so. */
  reached(place: string): Promise<void>
  release(place: string): void
  kill(signal: NodeJS.Signals): void
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>
  stop(graceMs: number): Promise<void>
}

export interface Lab {
  readonly database: pg.PoolConfig
  /** The app without a worker: enqueues and looks. */
  readonly app: Longhaul
  startApp(work?: object, types?: readonly string[]): Promise<AppProcess>
  enqueue(type: string, input?: object): Promise<string>
  until(id: string, ...statuses: JobStatus[]): Promise<Job>
  untilSteps(id: string, test: (steps: readonly JobStep[]) => boolean): Promise<void>
  /** What a step did, how often, by job. */
  effects(id: string): Promise<Record<string, number>>
  /** Stop the database as a power cut would, and wait until it is back. */
  crashDatabase(): Promise<void>
  query(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>
  /** Resolves when a query has no rows. */
  untilNone(text: string, values: readonly unknown[]): Promise<void>
}

export async function chaosLab(): Promise<Lab> {
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
  const database = server.connection
  const pool = new pg.Pool({ ...database, max: 2 })
  pool.on('error', () => undefined)
  onTestFinished(() => pool.end())
  await pool.query(
    'create table public.effects (job_id uuid, name text, pid int, at timestamptz default now())',
  )
  const anyJob = (type: string): ReturnType<typeof testJob> =>
    testJob(type, () => null, { retry: { attempts: 20 } })
  const app = createLonghaul({
    jobs: [
      anyJob('stepped'),
      anyJob('spoken'),
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
    startApp: (work, types) => startApp(database, work, types),
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

async function startApp(
  database: pg.PoolConfig,
  work: object = {},
  types?: readonly string[],
): Promise<AppProcess> {
  const child = fork(fileURLToPath(new URL('app.mjs', import.meta.url)), {
    env: { ...process.env, CHAOS: JSON.stringify({ database, work, types }) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const said = new Set<string>()
  const listeners = new Set<() => void>()
  child.on('message', (message: object) => {
    for (const [name, value] of Object.entries(message)) said.add(`${name} ${value}`)
    for (const listener of listeners) listener()
  })
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await gone
  })
  async function until(what: string): Promise<void> {
    while (!said.has(what)) {
      await new Promise<void>((resolve) => {
        listeners.add(resolve)
      })
      listeners.clear()
    }
  }
  await until('ready true')
  return {
    process: child,
    gone,
    reached: (place) => until(`reached ${place}`),
    release: (place) => child.send({ release: place }),
    kill: (signal) => child.kill(signal),
    async stop(graceMs) {
      child.send({ stop: { graceMs } })
      await gone
    },
  }
}
