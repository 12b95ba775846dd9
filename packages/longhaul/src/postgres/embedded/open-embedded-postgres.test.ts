import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { openEmbeddedPostgres } from './open-embedded-postgres.js'
import { findPlaces } from './places.js'
import { makeTemporaryDirectory } from './temporary-directory.js'

it('F40: starts again while the last one who used it is leaving, and keeps its data', async () => {
  const { path: directory, remove } = await makeTemporaryDirectory('longhaul-embedded-')
  onTestFinished(remove)
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

it('leaves without complaint when the server is gone', async () => {
  const { path: directory, remove } = await makeTemporaryDirectory('longhaul-embedded-')
  onTestFinished(remove)
  const server = await openEmbeddedPostgres({ directory, whenAlone: async () => undefined })
  const pidFile = await readFile(join(server.dataDirectory, 'postmaster.pid'), 'utf8')
  process.kill(Number(pidFile.split('\n')[0]), 'SIGINT')
  await expect(server.close()).resolves.toBeUndefined()
}, 30_000)

it('brings no server back once it was closed', async () => {
  const { path: directory, remove } = await makeTemporaryDirectory('longhaul-embedded-')
  onTestFinished(remove)
  const server = await openEmbeddedPostgres({ directory, whenAlone: async () => undefined })
  const pidFile = join(server.dataDirectory, 'postmaster.pid')
  process.kill(Number((await readFile(pidFile, 'utf8')).split('\n')[0]), 'SIGINT')
  while (existsSync(pidFile)) await delay(10)
  await delay(100) // the end of our connection has come through
  await server.close()
  await delay(1500)
  expect(existsSync(pidFile)).toBe(false)
}, 30_000)

it('F41: starts over a server that has ended and for whose end nobody has asked', async () => {
  const { path: directory, remove } = await makeTemporaryDirectory('longhaul-embedded-')
  onTestFinished(remove)
  const whenAlone = async (): Promise<void> => undefined
  const first = await openEmbeddedPostgres({ directory, whenAlone })
  await first.close()
  // Its child, of the server's own account, ends, and it never looks.
  const { account } = await findPlaces(directory)
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { cwd: '/', ...account })
  onTestFinished(() => void parent.kill())
  const [pid] = (await once(parent.stdout, 'data')) as [Buffer]
  const state = (): Promise<string> => readFile(`/proc/${Number(pid)}/stat`, 'utf8')
  while (!(await state()).includes(') Z')) await delay(10)
  await writeFile(join(first.dataDirectory, 'postmaster.pid'), String(pid))

  const second = await openEmbeddedPostgres({ directory, whenAlone })
  await expect(second.close()).resolves.toBeUndefined()
}, 30_000)
