import type { AddressInfo } from 'node:net'
import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { StartError } from '../environment.js'

export interface Listening {
  readonly server: Server
  readonly port: number
}

const host = '127.0.0.1'
/** Who has not sent the head of a request by then is not going to. */
const headersTimeoutMs = 20_000
/** Longer than proxies and browsers keep an idle connection, so that none sends a request into one that closes. */
const keepAliveTimeoutMs = 75_000
/** Of a request, not of its answer: a stream lives as long as it is watched. */
const requestTimeoutMs = 120_000

/**
 * Take the port, before anything else is started: when it is in use, nothing has to be stopped again.
 *
 * @throws {StartError} when the port cannot be had
 */
export async function listen(
  port: number,
  fetch: (request: Request) => Promise<Response>,
): Promise<Listening> {
  // Without TLS options it is a plain HTTP server.
  const server = createAdaptorServer({ fetch }) as Server
  server.headersTimeout = headersTimeoutMs
  server.keepAliveTimeout = keepAliveTimeoutMs
  server.requestTimeout = requestTimeoutMs
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(notListening(port, error)))
    server.listen(port, host, resolve)
  })
  return { server, port: (server.address() as AddressInfo).port }
}

function notListening(port: number, error: NodeJS.ErrnoException): StartError {
  const next = port < 65_535 ? port + 1 : 3000
  const remedy = `Choose another: PORT=${next} npm start.`
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartError(
        `Port ${port} is in use by another program, so the studio was not started. Stop that program, or choose another port: PORT=${next} npm start.`,
        { cause: error },
      )
    case 'EACCES':
      return new StartError(
        `Port ${port} may only be used by an administrator, so the studio was not started. ${remedy}`,
        { cause: error },
      )
    default:
      return new StartError(
        `Port ${port} could not be used (${error.message}), so the studio was not started. ${remedy}`,
        { cause: error },
      )
  }
}
