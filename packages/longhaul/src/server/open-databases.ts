import type pg from 'pg'
import { LonghaulError } from '../core/index.js'
import {
  type EmbeddedPostgres,
  openEmbeddedPostgres,
  openPgDatabase,
  type OwnDatabase,
  type PgDatabase,
  runOne,
  sql,
} from '../postgres/index.js'
import type { Settings } from './options.js'

export interface Databases {
  readonly connection: string | pg.PoolConfig
  /** For requests. */
  readonly api: OwnDatabase
  /** For workers: a flood of requests does not keep them from their claims and steps. */
  readonly engine: OwnDatabase
  /** Where the embedded server keeps its data. */
  readonly dataDirectory: string | undefined
  /** Make new connections for all that there are. */
  dropConnections(): void
  close(): Promise<void>
}

const oldestMajorVersion = 15

/** Connect to the app's Postgres, or start the embedded one, and make sure that it answers. */
export async function openDatabases(settings: Settings): Promise<Databases> {
  const embedded = settings.database === undefined ? await startEmbedded(settings) : undefined
  const connection = embedded?.connection ?? settings.database!
  const engineConnections = Math.ceil(settings.maxConnections / 3)
  const api = open(
    settings,
    connection,
    'longhaul-api',
    settings.maxConnections - engineConnections,
  )
  const engine = open(settings, connection, 'longhaul-engine', engineConnections)
  const close = async (): Promise<void> => {
    await Promise.all([api.close(), engine.close()])
    await embedded?.close()
  }
  try {
    await checkServer(api, connection)
  } catch (error) {
    await close()
    throw error
  }
  return {
    connection,
    api,
    engine,
    dataDirectory: embedded?.dataDirectory,
    dropConnections() {
      api.dropConnections()
      engine.dropConnections()
    },
    close,
  }
}

function startEmbedded({ dataDirectory, schema, logger }: Settings): Promise<EmbeddedPostgres> {
  return openEmbeddedPostgres({
    directory: dataDirectory,
    // Nobody else is there, so no worker can be alive: what workers held is rescued at once.
    async whenAlone(client) {
      await client.query(
        `do $$ begin
           if to_regclass('${schema}.workers') is not null then delete from ${schema}.workers; end if;
         end $$`,
      )
    },
    onRestart: () =>
      logger.warn({ dataDirectory }, 'the embedded Postgres had stopped and was started again'),
  })
}

function open(
  { schema, synchronousCommit, prepare, logger }: Settings,
  connection: string | pg.PoolConfig,
  applicationName: string,
  maxConnections: number,
): PgDatabase {
  return openPgDatabase({
    connection,
    schema,
    applicationName,
    maxConnections,
    synchronousCommit,
    prepare,
    onIdleError: (error) => logger.debug({ error }, 'an idle connection was closed by the server'),
  })
}

async function checkServer(db: OwnDatabase, connection: string | pg.PoolConfig): Promise<void> {
  const found = await runOne(
    db,
    sql<{ number: string }>`select current_setting('server_version_num') as number`,
  ).catch((error: unknown) => {
    throw unreachable(connection, error)
  })
  const major = Math.trunc(Number(found?.number) / 10_000)
  if (major >= oldestMajorVersion) return
  throw new LonghaulError(
    'invalid_configuration',
    `The database is Postgres ${major}; Longhaul needs ${oldestMajorVersion} or newer. Upgrade it, or use another.`,
  )
}

function unreachable(connection: string | pg.PoolConfig, error: unknown): LonghaulError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const said = cause instanceof Error ? cause.message || cause.name : String(cause)
  return new LonghaulError(
    'database_unavailable',
    `The database ${placeOf(connection)} could not be used (${said}), so nothing was started. ` +
      'Start it or correct its connection string (DATABASE_URL), or leave that out to use the embedded one.',
    { cause: error },
  )
}

/** Host, port and name, and never the password. */
function placeOf(connection: string | pg.PoolConfig): string {
  if (typeof connection !== 'string') {
    if (connection.connectionString !== undefined) return placeOf(connection.connectionString)
    return `${connection.host ?? 'localhost'}:${connection.port ?? 5432}/${connection.database ?? ''}`
  }
  if (!URL.canParse(connection)) return 'of the given connection string'
  const { host, pathname } = new URL(connection)
  return `at ${host}${pathname}`
}
