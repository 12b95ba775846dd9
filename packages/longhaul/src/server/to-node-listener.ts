import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'

/**
 * A fetch handler as a listener of node:http, and as middleware of Express:
 * `app.use('/api/longhaul', toNodeListener(longhaul.fetch))`.
 */
export function toNodeListener(
  fetch: (request: Request) => Promise<Response>,
): (request: IncomingMessage, response: ServerResponse) => void {
  const listener = getRequestListener((request) => fetch(request), { overrideGlobalObjects: false })
  return (request, response) => void listener(request, response)
}
