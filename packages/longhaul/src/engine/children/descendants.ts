/**
 * What becomes of the jobs that jobs have spawned when a person cancels or retries these. Each goes
 * down the tree level by level, inside the transaction that has the jobs at its roots locked.
 */
import { type JobStatus, jobStatuses, statusesAllowing } from '../../core/index.js'
import {
  cancelChildren,
  type CancelledKey,
  type Database,
  lockChildren,
  resetChildSteps,
  type RetriedKey,
  retryChildren,
} from '../../postgres/index.js'

const idsPerPiece = 1000

export interface Roots {
  readonly tenantId: string
  readonly ids: readonly string[]
}

export async function cancelDescendants(
  tx: Database,
  roots: Roots,
  request: { readonly requestedBy: string; readonly reason: string | undefined },
): Promise<readonly CancelledKey[]> {
  const ids: string[] = []
  const which = { statuses: jobStatuses, withSecrets: true }
  for await (const level of levels(tx, roots, which)) ids.push(...level)
  return inPieces(ids, (piece) =>
    tx.run(cancelChildren(roots.tenantId, piece, { ...request, metadata: undefined })),
  )
}

/**
 * Those that had completed keep their results.
 *
 * @param withSecrets false: those that had secrets, which nobody has given again, stay as they are
 */
export async function retryDescendants(
  tx: Database,
  roots: Roots,
  { withSecrets }: { readonly withSecrets: boolean },
): Promise<readonly RetriedKey[]> {
  const { tenantId } = roots
  const which = { statuses: statusesAllowing('retry'), withSecrets }
  const ids: string[] = []
  await tx.run(resetChildSteps(tenantId, roots.ids))
  for await (const level of levels(tx, roots, which)) {
    await tx.run(resetChildSteps(tenantId, level))
    ids.push(...level)
  }
  return inPieces(ids, (piece) => tx.run(retryChildren(tenantId, piece)))
}

/** The items of a batch can be many thousands. */
async function inPieces<Row>(
  ids: readonly string[],
  change: (piece: readonly string[]) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (let from = 0; from < ids.length; from += idsPerPiece)
    rows.push(...(await change(ids.slice(from, from + idsPerPiece))))
  return rows
}

async function* levels(
  tx: Database,
  { tenantId, ids }: Roots,
  which: { readonly statuses: readonly JobStatus[]; readonly withSecrets: boolean },
): AsyncGenerator<readonly string[]> {
  for (let parentIds = ids; parentIds.length > 0;) {
    const children = await tx.run(lockChildren({ tenantId, parentIds, ...which }))
    parentIds = children.map((child) => child.id)
    if (parentIds.length > 0) yield parentIds
  }
}
