/** A Postgres server of a test's own, on a Unix socket: it can be killed, and others can follow it. */
import { appendFile, chown, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { type Binaries, findBinaries } from '../../src/postgres/embedded/binaries.js'
import { prepareDirectories } from '../../src/postgres/embedded/data-directory.js'
import { findPlaces, type Places } from '../../src/postgres/embedded/places.js'
import { runProgram } from '../../src/postgres/embedded/run-program.js'
import { makeTemporaryDirectory } from '../../src/postgres/index.js'

export interface Server {
  readonly connection: pg.ClientConfig
  /** For whoever connects by itself. */
  readonly socketPath: string
  /** All of its processes at once, as a power cut would. */
  kill(): Promise<void>
  start(): Promise<void>
  /** Unless it runs: it may have ended by itself. */
  ensureStarted(): Promise<void>
  stop(): Promise<void>
  promote(): Promise<void>
  /** One query on a connection of its own. */
  query(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>
  /** Another server, copied from this one while it works, that follows it. */
  cloneStandby(): Promise<Server>
  /** From now on follow that one. */
  follow(primary: Server): Promise<void>
}

const flags = '-c listen_addresses= -c shared_buffers=32MB'

export interface ServerOptions {
  /** Where its data lies; absent: in a temporary directory. */
  readonly directory?: string
  /** Of its processes. */
  readonly environment?: Readonly<Record<string, string>>
}

/** @param settings lines of postgresql.conf */
export async function startServer(
  settings: readonly string[] = [],
  { directory, environment }: ServerOptions = {},
): Promise<Server> {
  const place = await findPlace(directory)
  await prepareDirectories(place.places, place.binaries)
  await appendFile(
    join(place.places.dataDirectory, 'postgresql.conf'),
    settings.map((line) => `${line}\n`).join(''),
  )
  const server = control(place, environment)
  await server.start()
  return server
}

interface Place {
  readonly places: Places
  readonly binaries: Binaries
}

async function findPlace(directory?: string): Promise<Place> {
  const places = await findPlaces(directory ?? (await temporaryDirectory()))
  return { places, binaries: await findBinaries(places.account) }
}

async function temporaryDirectory(): Promise<string> {
  const { path, remove } = await makeTemporaryDirectory('longhaul-server-')
  onTestFinished(remove)
  return path
}

function control(
  { places, binaries }: Place,
  environment: ServerOptions['environment'] = {},
): Server {
  const { dataDirectory, socketDirectory, account } = places
  const connection = { host: socketDirectory, port: 5432, user: 'postgres', database: 'postgres' }
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  const pgCtl = (...args: string[]): Promise<string> =>
    runProgram(
      'env',
      [...variables, binaries.path('pg_ctl'), ...args, '-D', dataDirectory],
      account,
    )
  let running = false
  onTestFinished(async () => {
    if (running) await pgCtl('stop', '-m', 'immediate')
  })

  const server: Server = {
    connection,
    socketPath: join(socketDirectory, '.s.PGSQL.5432'),
    async start() {
      const log = join(dataDirectory, 'server.log')
      await pgCtl(
        'start',
        '-w',
        '-t',
        '60',
        '-l',
        log,
        '-o',
        `-k ${socketDirectory} ${flags}`,
      ).catch(async (error: unknown) => {
        throw new Error(await readFile(log, 'utf8'), { cause: error })
      })
      running = true
    },
    async ensureStarted() {
      const isThere = await pgCtl('status').then(
        () => true,
        () => false,
      )
      if (!isThere) await server.start()
    },
    async stop() {
      running = false
      await pgCtl('stop', '-m', 'immediate')
    },
    async kill() {
      running = false
      const lines = (await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8')).split('\n')
      const rows = await server.query('select pid from pg_stat_activity')
      const processes = [lines[0], ...rows.map((row) => row['pid'])].map(Number)
      for (const pid of processes) killProcess(pid)
      for (const pid of processes) while (await isAlive(pid)) await delay(10)
      // A process that nobody has asked for its end still has its number: a start would take it for alive.
      await rm(join(dataDirectory, 'postmaster.pid'))
      await rm(join(socketDirectory, '.s.PGSQL.5432.lock'))
      const memory = lines[6]?.trim().split(/\s+/)[1]
      if (memory !== undefined) await runProgram('ipcrm', ['-m', memory]).catch(() => undefined)
    },
    promote: async () => void (await pgCtl('promote', '-w', '-t', '60')),
    query: (text, values = []) => queryOnce(connection, text, values),
    async cloneStandby() {
      const place = await findPlace()
      await backUp(connection, dataDirectory, place.places)
      const standby = control(place)
      await put(place.places, 'standby.signal', '')
      await put(
        place.places,
        'postgresql.auto.conf',
        `primary_conninfo = '${address(connection)}'\n`,
      )
      await standby.start()
      return standby
    },
    async follow(primary) {
      await server.query(`alter system set primary_conninfo = '${address(primary.connection)}'`)
      await server.query('select pg_reload_conf()')
    },
  }
  return server
}

const address = ({ host, port, user }: pg.ClientConfig): string =>
  `host=${host} port=${port} user=${user}`

/** What `pg_basebackup` does, for which the embedded programs have no program. */
async function backUp(from: pg.ClientConfig, data: string, to: Places): Promise<void> {
  const client = new pg.Client(from)
  await client.connect()
  await client.query(`select pg_backup_start('standby', true)`)
  await mkdir(to.home, { recursive: true, mode: 0o755 })
  await mkdir(to.socketDirectory, { recursive: true, mode: 0o700 })
  if (to.account !== undefined) await chown(to.socketDirectory, to.account.uid, to.account.gid)
  // A file that goes away meanwhile is one that the log does without.
  await runProgram('cp', ['-a', data, to.dataDirectory]).catch(() => undefined)
  await rm(join(to.dataDirectory, 'postmaster.pid'))
  for (const file of await readdir(join(to.dataDirectory, 'pg_wal')))
    await rm(join(to.dataDirectory, 'pg_wal', file), { recursive: true })
  const { rows } = await client.query<{ labelfile: string }>(
    'select labelfile from pg_backup_stop(false)',
  )
  await put(to, 'backup_label', rows[0]!.labelfile)
  await client.end()
}

async function put({ dataDirectory, account }: Places, name: string, text: string): Promise<void> {
  const file = join(dataDirectory, name)
  await writeFile(file, text)
  if (account !== undefined) await chown(file, account.uid, account.gid)
}

async function queryOnce(
  connection: pg.ClientConfig,
  text: string,
  values: readonly unknown[],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text, [...values])).rows
  } finally {
    await client.end()
  }
}

async function isAlive(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z')
  return !state.includes(') Z')
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}
