import { hostname } from 'node:os'
import type pg from 'pg'
import {
  type JobDefinition,
  type JobTypesOf,
  LonghaulError,
  parseDuration,
  wholeNumber,
} from '../core/index.js'
import {
  type Erase,
  type Queues,
  type SecretStore,
  startSweeps,
  startWorker,
  type Sweeps,
  type Worker,
} from '../engine/index.js'
import {
  createFetch,
  type Fetch,
  createUpgrade,
  type Health,
  type HttpOptions,
  type Upgrade,
} from '../http/index.js'
import { countPauses, countUnhandled, runOne } from '../postgres/index.js'
import { answerUnavailable } from './answer-unavailable.js'
import { type LonghaulOptions, parseSettings, type WorkOptions } from './options.js'
import { type Runtime, startRuntime } from './runtime.js'
import {
  lateQueues,
  lateSecrets,
  type TypedJobs,
  typedJobs,
  type TypedSchedules,
  typedSchedules,
} from './typed-calls.js'
import { version } from './version.js'

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
  /** Pause and resume them. */
  readonly queues: Queues
  /** What jobs carry that have not settled; for replacing the keys that seal it. */
  readonly secrets: SecretStore
  /**
   * Erase what is a user's, or a whole tenant's. Close the account first, so that nothing new comes.
   *
   * @throws {LonghaulError} `forbidden` unless the principal is that user, an admin of its tenant or an operator
   * @example
   * await longhaul.erase(principal, { tenantId: 'acme', userId: 'ada' })
   */
  readonly erase: Erase
  /** The API as a fetch handler: Hono, Bun, Deno, and with `toNodeListener` Express and node:http. */
  readonly fetch: Fetch
  /** For a Next.js catch-all route: `export const { GET, POST, … } = longhaul.handlers`. */
  readonly handlers: Readonly<
    Record<
      'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS',
      (request: Request) => Promise<Response>
    >
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
   * @throws {LonghaulError} `invalid_configuration`, `database_unavailable`, `closed`
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
  /** Workers that are being started: what stops the others waits for them, to stop them too. */
  const beginning = new Set<Promise<Worker>>()
  let sweeps: Sweeps | undefined
  let starting: Promise<Runtime> | undefined
  let takesWebSockets = false
  /** Why nothing more can be done here. */
  let ended: LonghaulError | undefined
  let ending: Promise<void> | undefined

  /** Connected with the first call; a failure is not kept, so that the next call tries again. */
  function runtime(): Promise<Runtime> {
    if (ended !== undefined) return Promise.reject(ended)
    starting ??= startRuntime(settings, (why) => void endOutdated(why))
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

  function checkNotEnded(): void {
    if (ended !== undefined) throw ended
  }

  function end(why: LonghaulError, stop?: { readonly graceMs?: number }): Promise<void> {
    ended ??= why
    ending ??= letGo(stop)
    return ending
  }

  /** Requests are refused at once, and no job here is worked at any more. */
  async function endOutdated(why: LonghaulError): Promise<void> {
    logger.error({ error: why }, 'stopped, because a newer version has changed the database')
    api = undefined
    toSocket = undefined
    await end(why, { graceMs: 0 })
  }

  async function letGo(stop?: { readonly graceMs?: number }): Promise<void> {
    const started = await starting?.catch(() => undefined)
    // Those who watch find another node while jobs here still finish.
    started?.hub.close()
    await Promise.allSettled(beginning)
    await sweeps?.stop()
    await Promise.all(workers.map((worker) => worker.stop(stop)))
    await started?.close()
  }

  async function health(): Promise<Health> {
    try {
      const { databases, hints, hub } = await runtime()
      const [pauses, unhandled] = await Promise.all([
        runOne(databases.api, countPauses()),
        runOne(databases.api, countUnhandled()),
      ])
      const running = workers.reduce((sum, worker) => sum + worker.running(), 0)
      return {
        status: 'ok',
        database: 'ok',
        hints: hints.status(),
        ...(workers.length === 0 ? {} : { running }),
        watched: hub.size(),
        paused: pauses?.paused ?? 0,
        unhandled: unhandled?.unhandled ?? 0,
      }
    } catch {
      return { status: 'unavailable', database: 'unavailable', hints: 'connecting', watched: 0 }
    }
  }

  let api: Fetch | undefined
  const fetch: Fetch = async (request, environment) => {
    try {
      api ??= createFetch(apiOptions(await runtime()))
    } catch (error) {
      return answerUnavailable(request, error, logger)
    }
    return api(request, environment)
  }

  /** Next.js gives its handlers a context of its own after the request. */
  const handle = (request: Request): Promise<Response> => fetch(request)

  function apiOptions({ jobs, schedules, queues, hub, tickets }: Runtime): HttpOptions {
    return {
      ...settings,
      version,
      services: { jobs, schedules, queues, hub, tickets, logger, health },
    }
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
    queues: lateQueues(runtime),
    secrets: lateSecrets(runtime),
    erase: async (...args) => (await runtime()).erase(...args),
    fetch,
    handlers: {
      GET: handle,
      HEAD: handle,
      POST: handle,
      PUT: handle,
      PATCH: handle,
      DELETE: handle,
      OPTIONS: handle,
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
      const { databases, hints, jobTypes, jobs, schedules } = await runtime()
      checkNotEnded()
      const leaseMs = parseDuration('lease', work.lease ?? '30s', { min: 1000 })
      const opened = startWorker({
        db: databases.engine,
        connection: databases.connection,
        hints,
        definitions: pick(definitions, work.types),
        jobTypes,
        logger,
        name: work.name ?? `${hostname()} ${process.pid}`,
        concurrency: wholeNumber('concurrency', work.concurrency ?? 50, 1, 10_000),
        leaseMs,
        maxBlockedMs: parseDuration('maxBlocked', work.maxBlocked ?? '60s', { min: 1000 }),
        pollMs: 5000,
        stopGraceMs: 2000,
      }).then((worker) => {
        workers.push(worker)
        return worker
      })
      beginning.add(opened)
      const worker = await opened.finally(() => beginning.delete(opened))
      checkNotEnded()
      // A third of the lease, so that a takeover waits for the lease and little more.
      const rescueMs = leaseMs / 3
      sweeps ??= startSweeps({ db: databases.engine, hints, jobs, schedules, logger, rescueMs })
      return worker
    },

    stop: (stop) => end(closed(), stop),
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
