import { hostname } from 'node:os'
import type pg from 'pg'
import {
  type Job,
  type JobDefinition,
  type JobTypesOf,
  type JsonObject,
  LonghaulError,
  parseDuration,
  type Principal,
  type Schedule,
  wholeNumber,
} from '../core/index.js'
import {
  type CallersClient,
  type EnqueueOptions,
  type Jobs,
  type ScheduleOptions,
  type Schedules,
  startSweeps,
  startWorker,
  type Sweeps,
  type Worker,
} from '../engine/index.js'
import {
  createFetch,
  createUpgrade,
  type Health,
  type HttpOptions,
  type Upgrade,
} from '../http/index.js'
import { runOne, sql } from '../postgres/index.js'
import { answerUnavailable } from './answer-unavailable.js'
import { type LonghaulOptions, parseSettings, type WorkOptions } from './options.js'
import { type Runtime, startRuntime } from './runtime.js'
import { version } from './version.js'

type Fetch = (request: Request) => Promise<Response>

/** One of many jobs to enqueue. */
export type ItemOf<Types> = {
  readonly [Type in Extract<keyof Types, string>]: Omit<EnqueueOptions, 'principal'> & {
    readonly type: Type
    readonly input: Types[Type] extends { readonly input: infer Input } ? Input : never
  }
}[Extract<keyof Types, string>]

/** The jobs of an app, typed by its definitions. Each call says who asks. */
export interface TypedJobs<Types> extends Omit<
  Jobs,
  'enqueue' | 'enqueueMany' | 'get' | 'cancel' | 'retry'
> {
  /**
   * Ask for a job to be done, and get it at once, queued.
   *
   * With `transaction`, a `pg` client inside a transaction of the app's own, the job exists if and
   * only if that transaction commits: no job without its order, no order without its job.
   *
   * @throws {LonghaulError} `unknown_job_type`, `invalid_input` and those of JSON, `idempotency_mismatch`,
   * `id_taken`, `database_unavailable` (then it is not known whether the job exists: ask again with the same id or key)
   * @example
   * await longhaul.jobs.enqueue('send_receipt', { orderId }, { principal, transaction: client })
   */
  enqueue<Type extends Extract<keyof Types, string>>(
    type: Type,
    input: Types[Type] extends { readonly input: infer Input } ? Input : never,
    options: EnqueueOptions & { readonly transaction?: CallersClient },
  ): Promise<Job>
  /**
   * Enqueue many jobs, at most 10,000: all of them or, when one is refused, none.
   *
   * @throws {LonghaulError} as `enqueue`; the pointers of its issues begin with the job's place in the list
   */
  enqueueMany(
    items: readonly ItemOf<Types>[],
    options: { readonly principal: Principal; readonly transaction?: CallersClient },
  ): Promise<readonly Job[]>
  /** @throws {LonghaulError} `job_not_found` */
  get(principal: Principal, id: string): Promise<Job>
  /**
   * @returns the job: `cancelled` when no worker had it, `running` with `cancelRequestedAt` when one has
   * @throws {LonghaulError} `job_not_found`, `invalid_state` when it had completed or failed
   */
  cancel(cancel: {
    principal: Principal
    id: string
    reason?: string
    metadata?: JsonObject
  }): Promise<Job>
  /** @throws {LonghaulError} `job_not_found`, `invalid_state` unless it had failed or was cancelled */
  retry(principal: Principal, id: string): Promise<Job>
}

/** Jobs by the clock, typed by the app's definitions. */
export interface TypedSchedules<Types> extends Omit<Schedules, 'set'> {
  /**
   * Make a schedule, or replace the one of that name. Each of its times makes one job, however many
   * processes look, as long as one of them works.
   *
   * @throws {LonghaulError} `unknown_job_type`, `invalid_input`, `too_many_schedules`
   * @example
   * await longhaul.schedules.set(principal, { id: 'digest', type: 'digest', input: {}, cron: '0 8 * * 1-5', timeZone: 'Europe/Lisbon' })
   */
  set<Type extends Extract<keyof Types, string>>(
    principal: Principal,
    schedule: Omit<ScheduleOptions, 'type' | 'input'> & {
      readonly type: Type
      readonly input: Types[Type] extends { readonly input: infer Input } ? Input : never
    },
  ): Promise<Schedule>
}

export interface Started {
  /** For a pool of the app's own on the same database, such as its sign-in's. */
  readonly connection: string | pg.PoolConfig
  /** Where the embedded server keeps its data. */
  readonly dataDirectory: string | undefined
}

export interface Longhaul<Definitions extends readonly JobDefinition[] = readonly JobDefinition[]> {
  /** Only a type: what the app's jobs take and give, for `Register`. */
  readonly types: JobTypesOf<Definitions>
  readonly jobs: TypedJobs<JobTypesOf<Definitions>>
  /** Jobs by the clock. */
  readonly schedules: TypedSchedules<JobTypesOf<Definitions>>
  /** The API as a fetch handler: Hono, Bun, Deno, and with `toNodeListener` Express and node:http. */
  readonly fetch: Fetch
  /** For a Next.js catch-all route: `export const { GET, POST, … } = longhaul.handlers`. */
  readonly handlers: Readonly<
    Record<'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS', Fetch>
  >
  /**
   * From now on clients are told that there are WebSockets. For servers other than node:http; for
   * that, see `attachWebSocket`.
   *
   * @returns to be asked about each request for a WebSocket: nothing when it is for another path,
   * else a refusal, or what to do with the open socket
   */
  takeWebSockets(): (request: Request) => Promise<Upgrade> | undefined
  /**
   * Run jobs in this process.
   *
   * @throws {LonghaulError} `invalid_configuration`, `database_unavailable`
   */
  work(options?: WorkOptions): Promise<Worker>
  /**
   * Connect, or start the embedded database, and bring the schema up to date. The first call of
   * anything else does it too; calling it at the start shows trouble at once.
   *
   * @throws {LonghaulError} `database_unavailable`, `embedded_postgres_unavailable`, `incompatible_schema`
   */
  start(): Promise<Started>
  health(): Promise<Health>
  /** Hand running jobs back, say goodbye to those who watch, and disconnect. */
  stop(options?: { readonly graceMs?: number }): Promise<void>
}

/**
 * Put an app's job types, its Postgres and its sign-in together.
 *
 * @throws {LonghaulError} `invalid_configuration` when an option is out of its range
 */
export function createLonghaul<const Definitions extends readonly JobDefinition[]>(
  options: LonghaulOptions<Definitions>,
): Longhaul<Definitions> {
  const settings = parseSettings(options)
  const { definitions, logger } = settings
  const workers: Worker[] = []
  let sweeps: Sweeps | undefined
  let starting: Promise<Runtime> | undefined
  let takesWebSockets = false
  let stopped = false

  /** Connected with the first call; a failure is not kept, so that the next call tries again. */
  function runtime(): Promise<Runtime> {
    if (stopped) return Promise.reject(closed())
    starting ??= startRuntime(settings)
      .then((started) => {
        if (takesWebSockets) started.hub.offerWebSocket()
        return started
      })
      .catch((error: unknown) => {
        starting = undefined
        throw error
      })
    return starting
  }

  async function health(): Promise<Health> {
    try {
      const { databases, hints, hub } = await runtime()
      await runOne(databases.api, sql`select 1`)
      const running = workers.reduce((sum, worker) => sum + worker.running(), 0)
      return {
        status: 'ok',
        database: 'ok',
        hints: hints.status(),
        ...(workers.length === 0 ? {} : { running }),
        watched: hub.size(),
      }
    } catch {
      return { status: 'unavailable', database: 'unavailable', hints: 'connecting', watched: 0 }
    }
  }

  let api: Fetch | undefined
  const fetch: Fetch = async (request) => {
    try {
      api ??= createFetch(apiOptions(await runtime()))
    } catch (error) {
      return answerUnavailable(request, error, logger)
    }
    return api(request)
  }

  function apiOptions({ jobs, schedules, hub, tickets }: Runtime): HttpOptions {
    return { ...settings, version, services: { jobs, schedules, hub, tickets, logger, health } }
  }

  let toSocket: ((request: Request) => Promise<Upgrade>) | undefined
  async function upgrade(request: Request): Promise<Upgrade> {
    try {
      toSocket ??= createUpgrade(apiOptions(await runtime()))
    } catch (error) {
      return answerUnavailable(request, error, logger)
    }
    return toSocket(request)
  }

  return {
    types: undefined as unknown as JobTypesOf<Definitions>,
    jobs: typedJobs(runtime),
    schedules: typedSchedules(runtime),
    fetch,
    handlers: {
      GET: fetch,
      HEAD: fetch,
      POST: fetch,
      PUT: fetch,
      PATCH: fetch,
      DELETE: fetch,
      OPTIONS: fetch,
    },
    takeWebSockets() {
      takesWebSockets = true
      void starting?.then(({ hub }) => hub.offerWebSocket()).catch(() => undefined)
      const path = `${settings.basePath}/ws`
      return (request) => (new URL(request.url).pathname === path ? upgrade(request) : undefined)
    },
    health,

    async start() {
      const { databases } = await runtime()
      const { connection, dataDirectory } = databases
      return { connection, dataDirectory }
    },

    async work(work = {}) {
      const { databases, hints, jobs, schedules } = await runtime()
      const leaseMs = parseDuration('lease', work.lease ?? '30s', { min: 1000 })
      const worker = await startWorker({
        db: databases.engine,
        connection: databases.connection,
        hints,
        definitions: pick(definitions, work.types),
        logger,
        name: work.name ?? `${hostname()} ${process.pid}`,
        concurrency: wholeNumber('concurrency', work.concurrency ?? 50, 1, 10_000),
        leaseMs,
        maxBlockedMs: parseDuration('maxBlocked', work.maxBlocked ?? '60s', { min: 1000 }),
        pollMs: 5000,
        stopGraceMs: 2000,
      })
      // A third of the lease, so that a takeover waits for the lease and little more.
      const rescueMs = leaseMs / 3
      sweeps ??= startSweeps({ db: databases.engine, hints, jobs, schedules, logger, rescueMs })
      workers.push(worker)
      return worker
    },

    async stop(stop) {
      if (stopped) return
      stopped = true
      const started = await starting?.catch(() => undefined)
      // Those who watch find another node while jobs here still finish.
      started?.hub.close()
      await sweeps?.stop()
      await Promise.all(workers.map((worker) => worker.stop(stop)))
      await started?.close()
    },
  }
}

function typedJobs<Types>(runtime: () => Promise<Runtime>): TypedJobs<Types> {
  const jobs = async (): Promise<Jobs> => (await runtime()).jobs
  return {
    enqueue: async (type, input, options) =>
      (await (await jobs()).enqueue(type, input, options)).job,
    enqueueMany: async (items, options) =>
      (await (await jobs()).enqueueMany(items, options)).map(({ job }) => job),
    get: async (principal, id) => (await (await jobs()).get(principal, id)).value,
    cancel: async (cancel) => (await (await jobs()).cancel(cancel)).value,
    retry: async (principal, id) => (await (await jobs()).retry(principal, id)).value,
    signal: async (signal) => (await jobs()).signal(signal),
    delete: async (principal, id) => (await jobs()).delete(principal, id),
    list: async (list) => (await jobs()).list(list),
    count: async (principal, selection) => (await jobs()).count(principal, selection),
    steps: async (principal, id) => (await jobs()).steps(principal, id),
    attempts: async (principal, id) => (await jobs()).attempts(principal, id),
    cancellations: async (principal, id) => (await jobs()).cancellations(principal, id),
    durations: async (principal, types) => (await jobs()).durations(principal, types),
    deleteExpired: async () => (await jobs()).deleteExpired(),
  }
}

function typedSchedules<Types>(runtime: () => Promise<Runtime>): TypedSchedules<Types> {
  const schedules = async (): Promise<Schedules> => (await runtime()).schedules
  return {
    set: async (principal, schedule) => (await schedules()).set(principal, schedule),
    get: async (principal, id) => (await schedules()).get(principal, id),
    list: async (principal) => (await schedules()).list(principal),
    delete: async (principal, id) => (await schedules()).delete(principal, id),
    fire: async () => (await schedules()).fire(),
  }
}

function pick(
  definitions: ReadonlyMap<string, JobDefinition>,
  types: readonly string[] = [...definitions.keys()],
): JobDefinition[] {
  return types.map((type) => {
    const definition = definitions.get(type)
    if (definition !== undefined) return definition
    throw new LonghaulError(
      'invalid_configuration',
      `A worker was asked to run "${type}", but no job type of the app has that name. It has: ${[...definitions.keys()].join(', ')}.`,
    )
  })
}

function closed(): LonghaulError {
  return new LonghaulError(
    'closed',
    'Longhaul was stopped in this process, so nothing more can be done here.',
  )
}
