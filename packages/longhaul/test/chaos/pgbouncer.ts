/** A PgBouncer before a server: Debian's, on a port and with a directory of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { findPlaces } from '../../src/postgres/embedded/places.js'
import { makeTemporaryDirectory } from '../../src/postgres/index.js'
import { freePort } from '../free-port.js'

export type PoolMode = 'session' | 'transaction'

/** @returns how to connect through it */
export async function startPgBouncer(
  { host = 'localhost', port = 5432, user, password, database }: pg.ClientConfig,
  poolMode: PoolMode,
): Promise<pg.ClientConfig> {
  const { path, remove } = await makeTemporaryDirectory('longhaul-pgbouncer-')
  onTestFinished(remove)
  const { account } = await findPlaces(path)
  const listensOn = await freePort()
  const server = Object.entries({ host, port, user, password })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${String(value)}`)
  const file = join(path, 'pgbouncer.ini')
  await writeFile(
    file,
    `[databases]
* = ${server.join(' ')}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listensOn}
unix_socket_dir =
auth_type = any
pool_mode = ${poolMode}
default_pool_size = ${poolMode === 'session' ? 40 : 4}
max_client_conn = 200
`,
  )
  if (account !== undefined) {
    await chown(path, account.uid, account.gid)
    await chown(file, account.uid, account.gid)
  }
  const bouncer = spawn('pgbouncer', ['-q', file], { stdio: 'ignore', ...account })
  const gone = once(bouncer, 'exit')
  onTestFinished(async () => {
    bouncer.kill('SIGKILL')
    await gone
  })
  const connection = { host: '127.0.0.1', port: listensOn, user: user ?? 'postgres', database }
  while (!(await answers(connection))) {
    if (bouncer.exitCode !== null) throw new Error('pgbouncer ended before it could be asked')
    await delay(20)
  }
  return connection
}

async function answers(connection: pg.ClientConfig): Promise<boolean> {
  const client = new pg.Client(connection)
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}
