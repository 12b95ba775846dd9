import { createHash } from 'node:crypto'
import type { Principal } from 'longhaul'
import type pg from 'pg'
import type { Auth } from './create-auth.js'

/** Who is signed in, in which organisation. */
export interface Caller {
  readonly user: { readonly id: string; readonly name: string; readonly email: string }
  readonly organisation: { readonly id: string; readonly name: string }
  readonly roles: readonly string[]
}

export interface Callers {
  /** Who sent a request, by its cookie or bearer token; nobody when it has none that is valid. */
  find(headers: Headers): Promise<Caller | undefined>
  /** Ask again next time: the caller has signed in or out, or changed the organisation. */
  forget(headers: Headers): void
}

/** Asking takes up to 20 ms, and a page asks several times at once. Signing out is noticed at once all the same. */
const keptMs = 3000
const mostKept = 10_000

export function createCallers({ auth, pool }: { auth: Auth; pool: pg.Pool }): Callers {
  const known = new Map<
    string,
    { readonly caller: Promise<Caller | undefined>; readonly until: number }
  >()

  async function look(headers: Headers): Promise<Caller | undefined> {
    const found = await auth.api.getSession({ headers })
    if (found === null) return undefined
    const { user, session } = found
    const membership = await findMembership(pool, user.id, session.activeOrganizationId ?? null)
    if (membership === undefined) return undefined
    const { id, name, role } = membership
    return {
      user: { id: user.id, name: user.name, email: user.email },
      organisation: { id, name },
      roles: /\b(?:owner|admin)\b/.test(role) ? ['admin'] : ['member'],
    }
  }

  return {
    async find(headers) {
      const key = keyOf(headers)
      if (key === undefined) return undefined
      const kept = known.get(key)
      if (kept !== undefined && kept.until > Date.now()) return kept.caller
      if (known.size >= mostKept) known.clear()
      const caller = look(headers)
      known.set(key, { caller, until: Date.now() + keptMs })
      // An error is for whoever asked, and not for those who ask after it.
      caller.catch(() => known.delete(key))
      return caller
    },
    forget(headers) {
      const key = keyOf(headers)
      if (key !== undefined) known.delete(key)
    },
  }
}

export function asPrincipal({ user, organisation, roles }: Caller): Principal {
  return { tenantId: organisation.id, userId: user.id, roles }
}

/** Hashed, so that tokens do not lie about in memory. */
function keyOf(headers: Headers): string | undefined {
  const [cookie, authorization] = [headers.get('cookie'), headers.get('authorization')]
  if (cookie === null && authorization === null) return undefined
  return createHash('sha256').update(`${cookie}\n${authorization}`).digest('base64')
}

/** The organisation that is active, or the first one that the user joined. */
async function findMembership(
  pool: pg.Pool,
  userId: string,
  active: string | null,
): Promise<{ id: string; name: string; role: string } | undefined> {
  const { rows } = await pool.query<{ id: string; name: string; role: string }>(
    `select organization.id, organization.name, member.role
     from member join organization on organization.id = member."organizationId"
     where member."userId" = $1
     order by (organization.id = $2) desc nulls last, member."createdAt"
     limit 1`,
    [userId, active],
  )
  return rows[0]
}
