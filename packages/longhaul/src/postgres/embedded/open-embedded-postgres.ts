/**
 * A real Postgres from npm's binaries, for development, tests and small installs.
 *
 * One server serves a data directory, however many processes open it. Each of them holds a shared
 * advisory lock on a connection of its own; a process that dies loses the lock with the connection.
 * The last one to leave stops the server, and one that finds nobody else there is told so: then no
 * worker can be alive. The server outlives a `kill -9` of those who use it, and the next one joins it.
 * It listens on a Unix socket in a directory that only its account may enter, and on no port.
 */
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { LonghaulError } from '../../core/index.js'
import { type Binaries, findBinaries } from './binaries.js'
import { prepareDirectories } from './data-directory.js'
import { findPlaces, type Places } from './places.js'
import { isServerRunning, stopServer } from './postmaster.js'
import { runProgram } from './run-program.js'

export interface EmbeddedPostgresOptions {
  /** The directory that holds the data. Made when it is not there. */
  readonly directory: string
  /** Called before anybody else can join, when no other process uses the server and this one begins to. */
  readonly whenAlone: (client: pg.ClientBase) => Promise<void>
  /** Called when the server went away and was started again. */
  readonly onRestart?: () => void
}

export interface EmbeddedPostgres {
  readonly connection: pg.PoolConfig
  readonly dataDirectory: string
  /** Leave; the last to leave stops the server. */
  close(): Promise<void>
}

const presenceLock = 727_473_002
const serverFlags = [
  '-c listen_addresses=',
  '-c unix_socket_permissions=0700',
  '-c max_connections=100',
  '-c shared_buffers=128MB',
].join(' ')

export async function openEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  refuseWindows()
  const places = await findPlaces(options.directory)
  const binaries = await findBinaries(places.account)
  const connection = {
    host: places.socketDirectory,
    port: 5432,
    user: 'postgres',
    database: 'postgres',
  }
  let closed = false
  let rejoining = Promise.resolve()
  let presence = await join(options.whenAlone)

  async function join(whenAlone: EmbeddedPostgresOptions['whenAlone']): Promise<pg.Client> {
    const client = await startAndConnect(places, binaries, connection)
    await announce(client, whenAlone)
    client.on('end', () => {
      if (!closed) rejoining = rejoin()
    })
    return client
  }

  /** The server crashed or was stopped by somebody: bring it back for everyone who uses it. */
  async function rejoin(): Promise<void> {
    while (!closed) {
      // Long enough for whoever stopped it to see that it has stopped.
      await delay(500)
      if (closed) return
      try {
        // Nobody is alone who was here before: a worker of this very process may be at work.
        presence = await join(async () => undefined)
        options.onRestart?.()
        return
      } catch {
        // Tried again; whoever needs the database meanwhile is told that it is unavailable.
      }
    }
  }

  return {
    connection,
    dataDirectory: places.dataDirectory,
    async close() {
      if (closed) return
      closed = true
      // What has begun to start the server would leave it running.
      await rejoining
      await leave(presence, places)
    },
  }
}

async function startAndConnect(
  places: Places,
  binaries: Binaries,
  connection: pg.ClientConfig,
): Promise<pg.Client> {
  await prepareDirectories(places, binaries)
  // Others may be starting or stopping the same server at this moment, so one refusal means little.
  let failedStarts = 0
  for (let waits = 0; ; waits += 1) {
    const running = await isServerRunning(places)
    try {
      if (!running) await startServer(places, binaries)
      return await connect(connection)
    } catch (error) {
      if (!running) failedStarts += 1
      if (failedStarts === mostFailedStarts || waits === mostWaits) throw unavailable(places, error)
      await delay(100)
    }
  }
}

const mostFailedStarts = 5
const mostWaits = 600 // a minute: recovery after a crash can take that long

async function startServer(places: Places, binaries: Binaries): Promise<void> {
  const { dataDirectory, socketDirectory, account } = places
  const log = `${dataDirectory}/server.log`
  // pg_ctl gives the server a session of its own, so that Ctrl-C in our terminal does not reach it.
  await runProgram(
    binaries.path('pg_ctl'),
    [
      'start',
      '-w',
      '-t',
      '60',
      '-D',
      dataDirectory,
      '-l',
      log,
      '-o',
      `-k ${socketDirectory} ${serverFlags}`,
    ],
    account,
  )
}

async function connect(connection: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client({ ...connection, application_name: 'longhaul-presence' })
  client.on('error', () => undefined) // its 'end' event says the same, and `rejoin` answers it
  await client.connect()
  return client
}

/** Take the shared lock; when nobody else has it, let `whenAlone` do its work before anybody can. */
async function announce(
  client: pg.Client,
  whenAlone: EmbeddedPostgresOptions['whenAlone'],
): Promise<void> {
  const { rows } = await client.query<{ alone: boolean }>(
    'select pg_try_advisory_lock($1) as alone',
    [presenceLock],
  )
  const alone = rows[0]!.alone
  if (alone) await whenAlone(client)
  await client.query('select pg_advisory_lock_shared($1)', [presenceLock])
  if (alone) await client.query('select pg_advisory_unlock($1)', [presenceLock])
}

async function leave(presence: pg.Client, { dataDirectory }: Places): Promise<void> {
  // Without its connection nobody is present, and the server is no longer ours to stop.
  const isLast = await giveUpPresence(presence).catch(() => false)
  if (isLast) await stopServer(dataDirectory)
  await presence.end().catch(() => undefined) // the server that we stopped has closed it already
}

async function giveUpPresence(presence: pg.Client): Promise<boolean> {
  await presence.query('select pg_advisory_unlock_shared($1)', [presenceLock])
  const { rows } = await presence.query<{ last: boolean }>(
    'select pg_try_advisory_lock($1) as last',
    [presenceLock],
  )
  return rows[0]!.last
}

function refuseWindows(): void {
  if (process.platform !== 'win32') return
  throw new LonghaulError(
    'embedded_postgres_unavailable',
    'The embedded Postgres runs on Linux and macOS only, because it listens on a Unix socket. ' +
      'On Windows use WSL, or set DATABASE_URL to a Postgres of your own.',
  )
}

function unavailable({ dataDirectory }: Places, cause: unknown): LonghaulError {
  const said = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
  return new LonghaulError(
    'embedded_postgres_unavailable',
    `The embedded Postgres did not start (${said}). ${dataDirectory}/server.log says why.`,
    { cause },
  )
}
