import { createHash } from 'node:crypto'
import type { Principal } from 'longhaul'
import type pg from 'pg'
import type { Auth } from './create-auth.js'

export interface Organisation {
  readonly id: string
  readonly name: string
}

/** Who is signed in, and where: in the organisation that is active, one of those that they belong to. */
export interface Caller {
  readonly user: { readonly id: string; readonly name: string; readonly email: string }
  /** Nothing for somebody who has just signed up, or was taken out of the last one. */
  readonly organisation: Organisation | undefined
  readonly organisations: readonly Organisation[]
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
    const memberships = await findMemberships(pool, user.id)
    const active =
      memberships.find(({ id }) => id === session.activeOrganizationId) ?? memberships[0]
    return {
      user: { id: user.id, name: user.name, email: user.email },
      organisation: active && { id: active.id, name: active.name },
      organisations: memberships.map(({ id, name }) => ({ id, name })),
      roles: /\b(?:owner|admin)\b/.test(active?.role ?? '') ? ['admin'] : ['member'],
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

/** Somebody without an organisation may ask for nothing. */
export function asPrincipal({ user, organisation, roles }: Caller): Principal | undefined {
  return organisation && { tenantId: organisation.id, userId: user.id, roles }
}

/** Hashed, so that tokens do not lie about in memory. */
function keyOf(headers: Headers): string | undefined {
  const [cookie, authorization] = [headers.get('cookie'), headers.get('authorization')]
  if (cookie === null && authorization === null) return undefined
  return createHash('sha256').update(`${cookie}\n${authorization}`).digest('base64')
}

/** In the order in which the user joined them. */
async function findMemberships(
  pool: pg.Pool,
  userId: string,
): Promise<{ id: string; name: string; role: string }[]> {
  const { rows } = await pool.query<{ id: string; name: string; role: string }>(
    `select organization.id, organization.name, member.role
     from member join organization on organization.id = member."organizationId"
     where member."userId" = $1
     order by member."createdAt"`,
    [userId],
  )
  return rows
}
