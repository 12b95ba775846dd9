import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Principal } from 'longhaul'

/** Stands for your own sign-in: whoever gives a name is that user, in a cookie that cannot be forged. */
export const sessionCookie = 'session'

const shared = globalThis as { sessionSecret?: string }

/** Without SESSION_SECRET everybody signs in again when the server restarts. */
const secret = (shared.sessionSecret ??=
  process.env.SESSION_SECRET ?? randomBytes(32).toString('hex'))

export function sealSession(user: string): string {
  const name = Buffer.from(user).toString('base64url')
  return `${name}.${sign(name)}`
}

export function userOf(cookie: string | undefined): string | undefined {
  const [name = '', signature = ''] = cookie?.split('.') ?? []
  const [given, right] = [Buffer.from(signature), Buffer.from(sign(name))]
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
  return Buffer.from(name, 'base64url').toString()
}

/** Who is asking: Longhaul calls it for each request. Everybody here is of one tenant. */
export function principalOf({ headers }: Request): Principal | null {
  const cookies = headers.get('cookie')?.split('; ') ?? []
  const session = cookies.find((cookie) => cookie.startsWith(`${sessionCookie}=`))
  const userId = userOf(session?.slice(sessionCookie.length + 1))
  return userId === undefined ? null : asPrincipal(userId)
}

export function asPrincipal(userId: string): Principal {
  return { tenantId: 'example', userId, roles: [] }
}

function sign(name: string): string {
  return createHmac('sha256', secret).update(name).digest('base64url')
}
