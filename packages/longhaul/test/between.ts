import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type pg from 'pg'
import { onTestFinished } from 'vitest'

/** Of what a client says: passed on; the connection ends before Postgres hears it, or before its answer comes. */
export type Fate = 'passes' | 'is cut off' | 'is not answered'

/** A server in between that breaks connections. @returns where it listens */
export async function between(
  { host = '', port = 5432 }: pg.ClientConfig,
  fateOf: (said: string) => Fate,
): Promise<{ readonly host: string; readonly port: number }> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((client) => {
    const postgres = host.startsWith('/')
      ? connect(`${host}/.s.PGSQL.${port}`)
      : connect(port, host)
    const end = (): void => {
      client.destroy()
      postgres.destroy()
    }
    for (const socket of [client, postgres]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    let answers = true
    client.on('data', (said) => {
      const fate = fateOf(said.toString('latin1'))
      if (fate === 'is cut off') return end()
      answers &&= fate !== 'is not answered'
      postgres.write(said)
    })
    postgres.on('data', (answer) => (answers ? client.write(answer) : end()))
    postgres.on('close', () => client.destroy())
    client.on('close', () => postgres.destroy())
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
}
