import type { Principal } from 'longhaul'
import { createMiddleware } from 'hono/factory'
import { asPrincipal, type Caller, type Callers } from '../auth/callers.js'

/** What a route knows about who asks. */
export interface Asked {
  Variables: { readonly principal: Principal; readonly caller: Caller }
}

/** Of an id in an address. */
export const uuid = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'

/** Only who is signed in, and only in a media type that a form on another page of this machine cannot send. */
export function inTheNameOf(
  callers: Callers,
  mediaType: 'application/json' | 'application/octet-stream' = 'application/json',
) {
  return createMiddleware<Asked>(async (context, next) => {
    context.header('cache-control', 'no-store')
    const caller = await callers.find(context.req.raw.headers)
    const principal = caller && asPrincipal(caller)
    if (caller === undefined || principal === undefined) {
      return context.json({ message: 'Nobody is signed in. Sign in first.' }, 401)
    }
    const hasBody = context.req.method === 'POST' || context.req.method === 'PUT'
    if (hasBody && !context.req.header('content-type')?.startsWith(mediaType)) {
      return context.json({ message: `Send it as ${mediaType}.` }, 415)
    }
    context.set('principal', principal)
    context.set('caller', caller)
    return next()
  })
}
