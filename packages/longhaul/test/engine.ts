import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import {
  defineJob,
  type Job,
  type JobContext,
  type JobDefinition,
  type JobOptions,
  type JobStatus,
  type Json,
  type Logger,
  type Schema,
  uuidV7,
} from '../src/core/index.js'
import {
  createJobs,
  createQueues,
  createSchedules,
  type Jobs,
  type Queues,
  type Schedules,
  startSweeps,
  startWorker,
  type Vault,
  type Worker,
  type WorkerOptions,
} from '../src/engine/index.js'
import { createHints, findJobsByKey, type Hints, type OwnDatabase } from '../src/postgres/index.js'
import { ada, type TestDatabase, testDatabase } from './database.js'

export const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

/** Nobody is told of anything. */
export const deaf: Hints = {
  send: () => undefined,
  subscribe: () => () => undefined,
  status: () => 'connecting',
  close: async () => undefined,
}

const anything: Schema<Json> = z.json()

/** A job type that takes and gives any JSON. */
export function testJob(
  type: string,
  run: (context: JobContext<Json>) => unknown,
  options: Partial<JobOptions<Schema<Json>, Schema<Json>>> = {},
): JobDefinition {
  return defineJob(type, {
    input: anything,
    result: anything,
    retry: { minDelay: 0 },
    ...options,
    run: async (context) => ((await run(context)) ?? null) as Json,
  })
}

export interface TestEngine {
  readonly db: TestDatabase
  readonly hints: Hints
  readonly jobs: Jobs
  readonly schedules: Schedules
  readonly queues: Queues
  /** Another worker on the same database. `on` puts it on another connection. */
  startWorker(options?: Partial<WorkerOptions> & { readonly on?: OwnDatabase }): Promise<Worker>
  enqueue(type: string, input?: unknown): Promise<string>
  job(id: string): Promise<Job>
  /** Resolves when the job has one of these statuses; woken by hints, and looks by itself. */
  until(id: string, ...statuses: JobStatus[]): Promise<Job>
  /** Resolves when the job is as `test` wants it. */
  untilJob(id: string, test: (job: Job) => boolean): Promise<Job>
}

/** Jobs, hints and workers on a database of this test's own; all of it is stopped when the test ends. */
export async function testEngine(
  definitions: readonly JobDefinition[],
  { vault }: { readonly vault?: Vault } = {},
): Promise<TestEngine> {
  const db = await testDatabase()
  const hints = createHints({ db, connection: db.connection, logger: silent })
  onTestFinished(() => hints.close())
  const parts = {
    db,
    hints,
    definitions: new Map(definitions.map((definition) => [definition.type, definition])),
    makeId: () => uuidV7(Date.now(), randomBytes(10)),
    ...(vault === undefined ? {} : { vault }),
  }
  const jobs = createJobs(parts)
  const schedules = createSchedules(parts)

  async function read(id: string): Promise<Job> {
    const rows = await db.run(findJobsByKey([{ tenantId: 'acme', id }]))
    const row = rows[0]!
    if (row.id === null) throw new Error(`job ${id} is not there`)
    return row
  }

  async function untilJob(id: string, test: (job: Job) => boolean): Promise<Job> {
    for (;;) {
      const changed = new Promise<void>((resolve) => {
        const stop = hints.subscribe(() => {
          stop()
          resolve()
        })
        setTimeout(() => {
          stop()
          resolve()
        }, 100)
      })
      const job = await read(id)
      if (test(job)) return job
      await changed
    }
  }

  return {
    db,
    hints,
    jobs,
    schedules,
    queues: createQueues(parts),
    job: read,
    untilJob,
    until: (id, ...statuses) => untilJob(id, (job) => statuses.includes(job.status)),
    enqueue: async (type, input = {}) =>
      (await jobs.enqueue(type, input, { principal: ada })).job.id,
    async startWorker({ on = db, ...options } = {}) {
      const sweeps = startSweeps({ db: on, hints, jobs, schedules, logger: silent, rescueMs: 100 })
      const worker = await startWorker({
        db: on,
        connection: db.connection,
        hints,
        definitions,
        jobTypes: parts,
        logger: silent,
        name: 'test',
        concurrency: 10,
        leaseMs: 30_000,
        maxBlockedMs: 60_000,
        pollMs: 5000,
        stopGraceMs: 200,
        ...options,
      })
      onTestFinished(async () => {
        await sweeps.stop()
        await worker.stop({ graceMs: 0 })
      })
      return worker
    },
  }
}

/** A promise and what settles it. */
export function deferred<T = void>(): {
  promise: Promise<T>
  resolve: (value: T) => void
  reject: (error: unknown) => void
} {
  let resolve!: (value: T) => void
  let reject!: (error: unknown) => void
  const promise = new Promise<T>((ok, no) => {
    resolve = ok
    reject = no
  })
  return { promise, resolve, reject }
}

/** Resolves never, rejects with the signal's reason. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(signal.reason as Error)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}
