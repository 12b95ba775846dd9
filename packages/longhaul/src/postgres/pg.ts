import pg from 'pg'
import type { Database, OwnDatabase } from './database.js'
import { announcedProcess } from './announced-process.js'
import { type Query, schemaOf } from './sql.js'
import { asRfc3339, camelCase } from './rows.js'
import { defaultSchema } from './schema-name.js'
import { asDatabaseError, asTransactionError, isStalePlan } from './sql-state.js'
import { asItIs, createStatements, type Statements } from './statements.js'

export interface PgDatabaseOptions {
  /** A connection string, or the options of a `pg` pool. */
  readonly connection: string | pg.PoolConfig
  /** Shown in pg_stat_activity. */
  readonly applicationName: string
  readonly maxConnections: number
  /**
   * Whether a commit waits for the disk. `off` loses the last fraction of a second of
   * acknowledged jobs when the *server* crashes.
   */
  readonly synchronousCommit: 'on' | 'off'
  /**
   * Whether to prepare statements. That is faster, but a pooler in transaction mode does not carry them.
   *
   * @defaultValue true on a connection on which no pooler is found
   */
  readonly prepare?: boolean | undefined
  /** @defaultValue 'longhaul' */
  readonly schema?: string
  /**
   * How long connecting, and each statement, may take.
   *
   * @defaultValue 5 s to connect, 30 s for a statement
   */
  readonly timeoutMs?: number
  /**
   * How long a connection that nobody needs is kept; 0: for ever.
   *
   * @defaultValue 10 s
   */
  readonly idleMs?: number
  /** Told of errors on idle connections, which nobody awaits. */
  readonly onIdleError?: (error: Error) => void
}

const connectTimeoutMs = 5000
const idleMs = 10_000
/** No statement of ours takes this long: what does is a connection that went silent. */
const statementTimeoutMs = 30_000

export function poolConfig(options: PgDatabaseOptions): pg.PoolConfig {
  const { connection, applicationName, maxConnections, timeoutMs } = options
  return {
    ...(typeof connection === 'string' ? { connectionString: connection } : connection),
    application_name: applicationName,
    max: maxConnections,
    connectionTimeoutMillis: timeoutMs ?? connectTimeoutMs,
    query_timeout: timeoutMs ?? statementTimeoutMs,
    idleTimeoutMillis: options.idleMs ?? idleMs,
    keepAlive: true,
  }
}

export interface PgDatabase extends OwnDatabase {
  /** They are not to be trusted any more: what is on its way is answered as unknown, and new ones are made. */
  dropConnections(): void
}

/** A pool of our own connections. */
export function openPgDatabase(options: PgDatabaseOptions): PgDatabase {
  const pool = new pg.Pool(poolConfig(options))
  // Without a listener, a connection that the server closes would end the process.
  pool.on('error', (error) => options.onIdleError?.(error))
  // The pool listens only while a connection is idle; one that breaks in use, also in the very
  // moment in which it was made, would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const idle = new Set<pg.PoolClient>()
  const busy = new Set<pg.PoolClient>()
  pool.on('acquire', (client) => {
    idle.delete(client)
    busy.add(client)
  })
  pool.on('release', (_error, client) => {
    busy.delete(client)
    idle.add(client)
  })
  pool.on('remove', (client) => idle.delete(client))
  const { schema = defaultSchema } = options
  const named = createStatements(schema, { prepare: true })
  const unnamed = createStatements(schema, { prepare: false })
  const ready = new WeakMap<pg.PoolClient, Promise<boolean>>()

  /** @returns whether it is connected to Postgres itself */
  function makeReady(client: pg.PoolClient): Promise<boolean> {
    const known = ready.get(client) ?? setUp(client, options)
    ready.set(client, known)
    return known
  }

  async function use<T>(
    work: (client: pg.PoolClient, statementOf: Statements) => Promise<T>,
  ): Promise<T> {
    let client: pg.PoolClient | undefined
    try {
      client = await pool.connect()
      const isDirect = await makeReady(client)
      const result = await work(client, (options.prepare ?? isDirect) ? named : unnamed)
      client.release()
      return result
    } catch (error) {
      const known = asDatabaseError(error)
      // A connection in doubt is closed and not used again.
      client?.release(known !== error || isStalePlan(error))
      throw known
    }
  }

  async function run<Row>(query: Query<Row>): Promise<readonly Row[]> {
    // Each connection of the pool can have the stale plan once.
    for (let tries = 0; ; tries += 1) {
      try {
        return await use((client, statementOf) => execute(client, query, statementOf))
      } catch (error) {
        if (!isStalePlan(error) || tries > options.maxConnections) throw error
      }
    }
  }

  return {
    schema,
    run,
    transaction: (work) =>
      use((client, statementOf) =>
        inTransaction(client, () => work({ run: (query) => execute(client, query, statementOf) })),
      ),
    // Without parameters `pg` sends one simple query, which Postgres runs as one transaction.
    runScript: (text) => use(async (client) => void (await client.query(text))),
    dropConnections() {
      // A client that has asked something closes its connection without waiting for a goodbye.
      for (const client of busy) void client.end()
      for (const client of idle) {
        client.query('select').catch(() => undefined)
        client.emit('error', new Error('The connections of this process have gone silent.')) // the pool ends it
      }
      idle.clear()
    },
    close: () => pool.end(),
  }
}

/** Anything of `pg` that has `query`. */
export type PgClient = Pick<pg.ClientBase, 'query'>

/** A `pg` client of the app's own: one that is inside a transaction keeps us inside it. */
export function ofPgClient(client: PgClient): Database {
  return {
    run: (query) =>
      execute(client, query, asItIs).catch((error: unknown) => {
        throw asTransactionError(error, schemaOf(query))
      }),
  }
}

/**
 * No statement of ours wants to read a whole table. Yet a plan that was made and kept while a table
 * was small would go on reading all of it when it has grown, until the next analyze. Compiling
 * such short statements (jit) costs more than running them, and so does planning them anew for every
 * value: a claim took 1.2 ms to plan and 0.4 to run.
 *
 * Behind a pooler nothing is set: in transaction mode it would be set for whoever comes to that
 * connection next.
 *
 * @returns whether this is a connection to Postgres itself
 */
async function setUp(
  client: pg.PoolClient,
  { synchronousCommit }: PgDatabaseOptions,
): Promise<boolean> {
  const { rows } = await client.query(
    `select set_config('synchronous_commit', $1, false), set_config('enable_seqscan', 'off', false),
            set_config('jit', 'off', false),
            set_config('plan_cache_mode', 'force_generic_plan', false)
     where pg_backend_pid() = $2`,
    [synchronousCommit, announcedProcess(client)],
  )
  return rows.length > 0
}

async function inTransaction<T>(client: pg.PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    const result = await work()
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

async function execute<Row>(
  client: PgClient,
  { text, values }: Query<Row>,
  statementOf: Statements,
): Promise<readonly Row[]> {
  const result = await client.query<unknown[]>({
    ...statementOf(text),
    values: [...values],
    rowMode: 'array',
    types: { getTypeParser },
  })
  const names = result.fields.map((field) => camelCase(field.name))
  return result.rows.map((row) => {
    const object: Record<string, unknown> = {}
    for (let n = 0; n < names.length; n += 1) object[names[n]!] = row[n]
    return object as Row
  })
}

const timestamptz = 1184

function getTypeParser(oid: number): (value: string) => unknown {
  return oid === timestamptz
    ? readTime
    : (pg.types.getTypeParser(oid) as (value: string) => unknown)
}

let latest = { text: '', time: '' }

/** The rows of one statement often share their times. */
function readTime(text: string): string {
  if (text !== latest.text) latest = { text, time: asRfc3339(text) }
  return latest.time
}
