import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { createUpgrade } from '../src/http/index.js'
import { attachWebSocket, toNodeListener } from '../src/server/index.js'
import type { TestApi } from './http.js'

export interface TestServer {
  /** Of the API: `http://127.0.0.1:1234/api/longhaul`. */
  readonly url: string
  readonly webSocketUrl: string
  readonly port: number
  /** How many connections are open. */
  connections(): number
  /** Cut all of them, and take no more. */
  stop(): Promise<void>
}

/** The API on a port of its own, with WebSockets. */
export async function serve(api: TestApi): Promise<TestServer> {
  const server = createServer(toNodeListener(api.fetch))
  const upgrade = createUpgrade(api.options)
  const detach = attachWebSocket(server, {
    takeWebSockets() {
      api.hub.offerWebSocket()
      return (request) =>
        new URL(request.url).pathname === '/api/longhaul/ws' ? upgrade(request) : undefined
    },
  })
  const open = new Set<Socket>()
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  async function stop(): Promise<void> {
    detach()
    for (const socket of open) socket.destroy()
    await new Promise((resolve) => {
      server.close(resolve)
    })
  }
  onTestFinished(stop)
  const { port } = server.address() as AddressInfo
  const place = `//127.0.0.1:${port}/api/longhaul`
  return {
    url: `http:${place}`,
    webSocketUrl: `ws:${place}/ws`,
    port,
    connections: () => open.size,
    stop,
  }
}
