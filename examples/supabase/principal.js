/**
 * Who a checked token of Supabase speaks for. These are the texts that the policies of `longhaul rls --claims`
 * read from the same token, so that both doors show the same rows.
 *
 * @param {{ readonly sub?: string, readonly app_metadata?: { readonly [name: string]: unknown } }} claims
 * @returns {import('longhaul').Principal | null}
 */
export function principalOf({ sub, app_metadata: app }) {
  const tenantId = app?.['tenant_id']
  if (sub === undefined || typeof tenantId !== 'string') return null
  return { tenantId, userId: sub, roles: [] }
}
