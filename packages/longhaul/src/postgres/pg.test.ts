import { createServer, connect, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import type pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { testDatabase } from '../../test/database.js'
import { openPgDatabase } from './pg.js'
import { sql } from './sql.js'

/** A server in between that ends a connection when it hears a certain text, as long as it is told to. */
async function between(
  { host = '', port = 5432 }: pg.ClientConfig,
  text: string,
): Promise<{ port: number; heal(): void }> {
  let broken = true
  const sockets = new Set<Socket>()
  const server: Server = createServer((client) => {
    const postgres = host.startsWith('/')
      ? connect(`${host}/.s.PGSQL.${port}`)
      : connect(port, host)
    for (const socket of [client, postgres]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    client.on('data', (data) => {
      if (broken && data.includes(text)) {
        client.destroy()
        postgres.destroy()
      } else postgres.write(data)
    })
    postgres.pipe(client)
    client.on('close', () => postgres.destroy())
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return { port: (server.address() as AddressInfo).port, heal: () => void (broken = false) }
}

it('gives the place of a connection back that broke while it was prepared', async () => {
  const { connection } = await testDatabase()
  const { port, heal } = await between(connection, 'synchronous_commit')
  const db = openPgDatabase({
    connection: { ...connection, host: '127.0.0.1', port },
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

  heal()

  expect(await one()).toEqual([{ one: 1 }])
})
