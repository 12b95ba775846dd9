import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate, openPgDatabase } from '../src/postgres/index.js'
import { startTestDatabase } from '../src/testing/index.js'
import { guardTransitions } from './guard-transitions.js'

const template = `longhaul_template_${process.pid}`

/**
 * One server and one migrated template for the whole run; each test then copies the template in a
 * few milliseconds. `DATABASE_URL` runs the tests on another server, as a user that may create databases.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { connection, stop } = await startServer()
  const admin = new pg.Client(connection)
  await admin.connect()
  await admin.query(`create database ${template}`)
  const db = openPgDatabase({
    connection: { ...connection, database: template },
    applicationName: 'longhaul-test-template',
    maxConnections: 1,
    synchronousCommit: 'off',
    prepare: false,
  })
  await migrate(db)
  await db.runScript(guardTransitions())
  await db.close()
  project.provide('connection', connection)
  project.provide('template', template)
  return async () => {
    const { rows } = await admin.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [template],
    )
    for (const { datname } of rows) await admin.query(`drop database "${datname}" with (force)`)
    await admin.end()
    await stop()
  }
}

async function startServer(): Promise<{ connection: pg.ClientConfig; stop(): Promise<void> }> {
  const url = process.env['DATABASE_URL']
  if (url !== undefined) return { connection: asConfig(url), stop: async () => undefined }
  const { database: connection, stop } = await startTestDatabase()
  return { connection, stop }
}

function asConfig(url: string): pg.ClientConfig {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url)
  return {
    host: searchParams.get('host') ?? hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: pathname.slice(1),
  }
}

declare module 'vitest' {
  export interface ProvidedContext {
    connection: pg.ClientConfig
    template: string
  }
}
