import { createHash, timingSafeEqual } from 'node:crypto'
import { LonghaulError, type Principal } from '../core/index.js'
import type { AnyRoute, Authenticate } from './route.js'

export interface CallerOptions {
  readonly authenticate: Authenticate
  /** The bearer token of the cron service; without one the cleanup route is closed. */
  readonly cronSecret?: string | undefined
  /** Origins of other sites that may call with the caller's cookies: `https://app.example`. */
  readonly trustedOrigins: readonly string[]
}

/** Nobody in particular: for routes that anyone may call. */
export const nobody: Principal = { tenantId: '', userId: '', roles: [] }

/** @throws {LonghaulError} `unauthenticated`, `bad_origin` */
export async function findCaller(
  route: AnyRoute,
  request: Request,
  options: CallerOptions,
): Promise<Principal> {
  if (route.access === 'public') return nobody
  if (route.access === 'cron') {
    checkSecret(request, options.cronSecret)
    return nobody
  }
  checkOrigin(request, options.trustedOrigins)
  const principal = await options.authenticate(request)
  if (principal !== null && principal !== undefined) return principal
  throw new LonghaulError(
    'unauthenticated',
    'The request does not say who is asking. Sign in, or send a token.',
  )
}

function checkSecret(request: Request, secret: string | undefined): void {
  const [, given] = /^Bearer\s+(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
  // Hashed first, so that the comparison takes the same time whatever the length.
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  if (secret !== undefined && given !== undefined && timingSafeEqual(hash(given), hash(secret)))
    return
  throw new LonghaulError(
    'unauthenticated',
    'This route needs the cron secret as bearer token. It is closed while the app sets no cronSecret.',
  )
}

/**
 * A browser sends its cookies with requests that another site makes. Such a request says where it
 * comes from, and is refused unless the app trusts that place.
 */
export function checkOrigin(
  request: Request,
  trusted: readonly string[],
  { evenWithoutCookies = false } = {},
): void {
  const origin = request.headers.get('origin')
  if (request.headers.get('cookie') === null && !(evenWithoutCookies && origin !== null)) return
  const site = request.headers.get('sec-fetch-site')
  // The browser's own word, which no page can change. Behind a proxy our own host may not be the one that it knows.
  if (site === 'same-origin') return
  if (origin === null && (site === null || site === 'none')) return
  if (origin !== null && (isSameHost(origin, request) || trusted.includes(origin))) return
  throw new LonghaulError(
    'bad_origin',
    'A page of another site sent this request with the cookies of a user, so it was refused. Add the site to trustedOrigins if it is yours.',
  )
}

/** By host and not by scheme: behind a proxy that ends TLS the request's own scheme is http. */
function isSameHost(origin: string, request: Request): boolean {
  const own = new Set([new URL(request.url).host, request.headers.get('host')])
  return URL.canParse(origin) && own.has(new URL(origin).host)
}
