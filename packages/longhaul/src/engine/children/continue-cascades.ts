import {
  type Cascade,
  type Database,
  endCascades,
  type Hint,
  lockCascades,
  type OwnDatabase,
  saveCascades,
} from '../../postgres/index.js'
import { transact } from '../transact.js'
import { cancelPiece } from './cancel-descendants.js'
import { childrenPerPiece, isOfOneRequest } from './cascades.js'
import { hintOfCancelled } from './hint-of-cancelled.js'
import { hintOfRetried } from './hint-of-retried.js'
import { leave, release, retryPiece } from './retry-descendants.js'

const cascadesPerPiece = 50

export interface Continued {
  /** Absent when nothing was done: whoever is told to look again, as this process is at once, would find no more. */
  readonly hint?: Hint | undefined
  /** There may be more to do. */
  readonly more: boolean
  /** There is, for others, whose turn is next. */
  readonly others: boolean
}

/** Go on with the cascades whose turn it is, by one piece. */
export async function continueCascades(db: OwnDatabase): Promise<Continued> {
  return transact(db, async (tx) => {
    const locked = await tx.run(lockCascades({ limit: cascadesPerPiece }))
    const [first] = locked
    if (first === undefined) return { more: false, others: false }
    const cascades = locked.filter((each) => isOfOneRequest(each, first))
    const goOn = first.action === 'cancel' ? goOnCancelling : goOnRetrying
    const others = cascades.length < locked.length
    return { hint: await goOn(tx, cascades), more: true, others }
  })
}

async function goOnCancelling(tx: Database, cascades: readonly Cascade[]): Promise<Hint> {
  const { changed, left } = await cancelPiece(tx, cascades, childrenPerPiece)
  if (left.length > 0) await tx.run(saveCascades(left))
  await tx.run(endCascades(endedOf(cascades, left)))
  return hintOfCancelled(changed)
}

async function goOnRetrying(tx: Database, cascades: readonly Cascade[]): Promise<Hint | undefined> {
  const { tenantId } = cascades[0]!
  const { changed, visited, left } = await retryPiece(tx, cascades, childrenPerPiece)
  if (left.length > 0) await leave(tx, tenantId, left)
  const isWaiting = visited === 0 && left.length > 0
  if (isWaiting) return undefined
  const ended = endedOf(cascades, left)
  await tx.run(endCascades(ended))
  const ids = ended.map(({ jobId }) => jobId)
  const released = ids.length === 0 ? [] : await release(tx, tenantId, ids)
  const hint = hintOfRetried(changed)
  return { ...hint, queues: [...new Set([...(hint.queues ?? []), ...released])] }
}

/** Those that go on keep their rows: whoever waits for one to call it off would not see another in its place. */
function endedOf(cascades: readonly Cascade[], left: readonly Cascade[]): readonly Cascade[] {
  const goOn = new Set(left.map(({ jobId }) => jobId))
  return cascades.filter(({ jobId }) => !goOn.has(jobId))
}
