import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { proxyTo } from '../../test/chaos/proxy.js'
import { testDatabase } from '../../test/database.js'
import { openPgDatabase } from './pg.js'
import { sql } from './sql.js'

it('gives the place of a connection back that broke while it was prepared', async () => {
  const { proxy, connection } = await proxyTo((await testDatabase()).connection)
  proxy.decide((question) => (question.includes('synchronous_commit') ? 'is cut off' : 'passes'))
  const db = openPgDatabase({
    connection,
    applicationName: 'test',
    maxConnections: 2,
    synchronousCommit: 'on',
    prepare: true,
  })
  onTestFinished(() => db.close())
  const one = (): Promise<readonly unknown[]> => db.run(sql`select 1 as one`)
  for (let n = 0; n < 3; n += 1) {
    await expect(one()).rejects.toMatchObject({ code: 'database_unavailable' })
  }

  proxy.decide(() => 'passes')

  expect(await one()).toEqual([{ one: 1 }])
})

it('survives a server that goes down in the moment in which it takes the connection', async () => {
  const text = (letter: string, body: string): Buffer => {
    const bytes = Buffer.alloc(5 + Buffer.byteLength(body), letter)
    bytes.writeInt32BE(4 + Buffer.byteLength(body), 1)
    bytes.write(body, 5)
    return bytes
  }
  // Welcome, ready, and "terminating connection", as they can come in one piece.
  const greeting = Buffer.concat([
    text('R', '\0\0\0\0'),
    text('Z', 'I'),
    text('E', 'SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0'),
  ])
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(greeting))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => void server.close())
  const db = openPgDatabase({
    connection: { host: '127.0.0.1', port: (server.address() as AddressInfo).port, user: 'nobody' },
    applicationName: 'test',
    maxConnections: 1,
    synchronousCommit: 'on',
    prepare: true,
  })
  onTestFinished(() => db.close())
  await expect(db.run(sql`select 1 as one`)).rejects.toMatchObject({ code: 'database_unavailable' })
})
