// The Postgres that all systems share: each measurement gets a fresh database on it.
import { readFile } from 'node:fs/promises'
import { startTestDatabase } from 'longhaul/testing'
import pg from 'pg'

const name = 'bench'

export async function startPostgres() {
  const { database: connection, stop } = await startTestDatabase()
  let admin = await connect(connection)
  await admin.query(`alter system set shared_preload_libraries to 'pg_stat_statements'`)
  await admin.query(`alter system set max_wal_size to '4GB'`)
  // The library is loaded at the server's start: we end it, and the embedded server starts it again.
  process.kill(await postmaster(admin), 'SIGINT')
  await admin.end().catch(() => undefined)
  admin = await reconnect(connection)
  const { rows } = await admin.query('show server_version')
  return {
    version: rows[0].server_version,
    /** @returns the connection to an empty database, and the server's process */
    async fresh({ durable }) {
      await admin.query(`drop database if exists ${name} with (force)`)
      await admin.query(`create database ${name}`)
      await admin.query(
        `alter database ${name} set synchronous_commit to ${durable ? 'on' : 'off'}`,
      )
      await admin.query('checkpoint')
      const database = { ...connection, database: name }
      const client = await connect(database)
      await client.query('create extension pg_stat_statements')
      await client.end()
      return { database, pid: await postmaster(admin) }
    },
    async stop() {
      await admin.end()
      await stop()
    },
  }
}

async function connect(connection) {
  const client = new pg.Client(connection)
  client.on('error', () => undefined)
  await client.connect()
  return client
}

async function reconnect(connection) {
  for (;;) {
    const client = await connect(connection).catch(() => undefined)
    if (client !== undefined) return client
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

async function postmaster(client) {
  const { rows } = await client.query('show data_directory')
  const file = await readFile(`${rows[0].data_directory}/postmaster.pid`, 'utf8')
  return Number(file.split('\n')[0])
}
