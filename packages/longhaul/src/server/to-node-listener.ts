import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type FetchEnvironment, frameSourceOf, writesFrames } from '../http/index.js'
import { writeFrames } from './write-frames.js'

/**
 * A fetch handler as a listener of node:http, and as middleware of Express:
 * `app.use('/api/longhaul', toNodeListener(longhaul.fetch))`. Live streams are written straight to
 * the connection, without the fetch API's streams between: that halves what an idle one costs.
 */
export function toNodeListener(
  fetch: (request: Request, environment?: FetchEnvironment) => Promise<Response>,
): (request: IncomingMessage, response: ServerResponse) => void {
  const listener = getRequestListener(
    async (request, { incoming, outgoing }) => {
      const answer = await fetch(request, { [writesFrames]: incoming.rawHeaders })
      const source = frameSourceOf(answer)
      if (source === undefined) return answer
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers))
      writeFrames(outgoing, source)
      return RESPONSE_ALREADY_SENT
    },
    { overrideGlobalObjects: false },
  )
  return (request, response) => void listener(request, response)
}
