import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { openEmbeddedPostgres } from './open-embedded-postgres.js'

it('starts again while the last one who used it is leaving, and keeps its data', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'longhaul-embedded-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const whenAlone = async (): Promise<void> => undefined
  let server = await openEmbeddedPostgres({ directory, whenAlone })
  for (let n = 0; n < 12; n += 1) {
    const leaving = server.close()
    await delay(n * 5)
    server = await openEmbeddedPostgres({ directory, whenAlone })
    await leaving
    const client = new pg.Client(server.connection)
    await client.connect()
    await client.query('create table if not exists starts (n int)')
    await client.query('insert into starts values ($1)', [n])
    const { rows } = await client.query('select count(*)::int as starts from starts')
    await client.end()
    expect(rows).toEqual([{ starts: n + 1 }])
  }
  await server.close()
}, 60_000)
