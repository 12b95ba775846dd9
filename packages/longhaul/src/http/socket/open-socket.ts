import { LonghaulError, type Principal } from '../../core/index.js'
import { answerProblem } from '../answer.js'
import type { HttpOptions } from '../app.js'
import { checkOrigin } from '../caller.js'
import { askAgain, rememberRequest } from '../remembered-request.js'
import { serveSocket } from './serve-socket.js'
import type { Socket } from './socket.js'

/** A refusal to be sent in place of the upgrade, or what to do with the socket once it is open. */
export type Upgrade = Response | ((socket: Socket) => void)

/**
 * Whether a request may become a WebSocket, and whose it is then: by its cookies or headers as in
 * every request, or by a ticket. A page of another site is refused even with a ticket.
 */
export function createUpgrade(options: HttpOptions): (request: Request) => Promise<Upgrade> {
  const { services, trustedOrigins } = options

  async function findPrincipal(request: Request): Promise<Principal> {
    checkOrigin(request, trustedOrigins, { evenWithoutCookies: true })
    const ticket = new URL(request.url).searchParams.get('ticket')
    const principal =
      ticket === null ? await options.authenticate(request) : await services.tickets.take(ticket)
    if (principal !== null && principal !== undefined) return principal
    throw new LonghaulError(
      'unauthenticated',
      ticket === null
        ? 'The WebSocket does not say whose it is. Ask POST /watch/ticket for a ticket where no header or cookie can be sent.'
        : 'The ticket was used before, or its time is over. Ask for another.',
    )
  }

  return async (request) => {
    try {
      const principal = await findPrincipal(request)
      // Refused before it is open, a client keeps the stream that it has. Once it is open it takes its place.
      services.hub.connections.open(principal)()
      const asked = rememberRequest(request)
      return (socket) =>
        void serveSocket(socket, {
          principal,
          services,
          revalidateMs: options.revalidateMs ?? 30_000,
          authenticate: (token) => options.authenticate(askAgain(asked, token)),
        })
    } catch (error) {
      if (!LonghaulError.is(error)) services.logger.error({ error }, 'a WebSocket was refused')
      return answerProblem(error, 'none')
    }
  }
}
