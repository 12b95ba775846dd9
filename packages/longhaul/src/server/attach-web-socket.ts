import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { Server as SecureServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { mostMessageBytes } from '../http/index.js'
import type { Longhaul } from './create-longhaul.js'
import { fromWs } from './from-ws.js'

/**
 * Take WebSockets on a server of node:http, at `/ws` below the API. Clients find out by themselves
 * and use them in place of a stream; upgrades to other paths are left to others.
 *
 * @returns a function that takes no more
 * @example
 * const server = createServer(toNodeListener(longhaul.fetch))
 * attachWebSocket(server, longhaul)
 */
export function attachWebSocket(
  server: Server | SecureServer,
  longhaul: Pick<Longhaul, 'takeWebSockets'>,
): () => void {
  // Compression costs 200 KB for each connection and ten times the CPU; frames are small.
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: mostMessageBytes,
    perMessageDeflate: false,
  })

  const ask = longhaul.takeWebSockets()

  async function onUpgrade(request: IncomingMessage, duplex: Duplex, head: Buffer): Promise<void> {
    const asked = requestOf(request)
    const upgrading = asked && ask(asked)
    if (upgrading === undefined) {
      // Nobody else listens, so nobody would ever answer.
      if (server.listenerCount('upgrade') === 1) duplex.destroy()
      return
    }
    // The peer may be gone while it is being looked up who it is.
    duplex.on('error', () => duplex.destroy())
    const upgrade = await upgrading
    if (upgrade instanceof Response) return refuse(duplex, upgrade)
    sockets.handleUpgrade(request, duplex, head, (socket) => upgrade(fromWs(socket, duplex)))
  }

  const listener = (request: IncomingMessage, duplex: Duplex, head: Buffer): void =>
    void onUpgrade(request, duplex, head)
  server.on('upgrade', listener)
  return () => {
    server.off('upgrade', listener)
    sockets.close()
  }
}

/** Nothing for an address that is none. */
function requestOf(request: IncomingMessage): Request | undefined {
  try {
    const { host = 'localhost' } = request.headers
    // Put together as text: relative to a base, `//evil.example/…` is another host, which would then count as our own.
    const url = new URL(`http://${host}${request.url ?? '/'}`)
    return new Request(url, { headers: headersOf(request) })
  } catch {
    return undefined
  }
}

function headersOf({ headers }: IncomingMessage): Headers {
  const result = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) result.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return result
}

async function refuse(duplex: Duplex, response: Response): Promise<void> {
  const body = await response.text()
  const head = [
    `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ''}`,
    'connection: close',
    `content-length: ${Buffer.byteLength(body)}`,
    ...[...response.headers].map(([name, value]) => `${name}: ${value}`),
  ]
  // Its server takes half-open connections, and whoever was refused may never close the other half.
  duplex.once('finish', () => duplex.destroy())
  duplex.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
