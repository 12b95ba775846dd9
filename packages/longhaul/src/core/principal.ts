/**
 * Who is asking. Resolved once from the request by the app's `authenticate`, and an argument of
 * every read and write from there on.
 */
export interface Principal {
  /** Whom the rows belong to: an organisation, a team, a workspace. At most 64 bytes. */
  readonly tenantId: string
  /** The person or service inside the tenant. At most 64 bytes. */
  readonly userId: string
  /**
   * `admin` sees and may act on every job of the tenant. `operator` runs the app: it may pause a queue for all tenants.
   * Other roles mean nothing to Longhaul.
   */
  readonly roles: readonly string[]
}

/** `owner`: the job's owner and the tenant's admins see it and may act on it. `tenant`: everybody in the tenant. */
export type Visibility = 'owner' | 'tenant'

export function isAdmin(principal: Principal): boolean {
  return principal.roles.includes('admin')
}

export function isOperator(principal: Principal): boolean {
  return principal.roles.includes('operator')
}

/** Whose row it is and who inside the tenant may see it. */
export interface Ownership {
  readonly tenantId: string
  readonly ownerId: string
  readonly visibility: Visibility
}

/** Whether a principal may see a row and act on it. The SQL form is `visibleTo`; a test compares the two. */
export function canSee(principal: Principal, row: Ownership): boolean {
  if (row.tenantId !== principal.tenantId) return false
  return row.visibility === 'tenant' || row.ownerId === principal.userId || isAdmin(principal)
}
