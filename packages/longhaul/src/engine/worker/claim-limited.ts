import {
  type ClaimAnswer,
  type ClaimJobs,
  claimLimitedJobs,
  type LockedLane,
  lockLanes,
  makeLanes,
  mostTurns,
  type OwnDatabase,
  readClaim,
} from '../../postgres/index.js'

/** Claim from queues that limit how many jobs of a tenant run at once. `limits`: by queue. */
export function claimLimited(
  db: OwnDatabase,
  claim: ClaimJobs,
  limits: ReadonlyMap<string, number>,
): Promise<ClaimAnswer> {
  return db.transaction(async (tx) => {
    const turns = await tx.run(lockLanes(claim))
    const missing = turns.filter(({ hasLane }) => !hasLane)
    if (missing.length > 0) await tx.run(makeLanes(missing.map((turn) => laneOf(turn, limits))))
    const locked = turns.flatMap(({ queue, tenantId, key, maxRunning }): LockedLane[] =>
      key === null || maxRunning === null ? [] : [{ queue, tenantId, key, maxRunning }],
    )
    const answer =
      locked.length === 0 ? none : readClaim(await tx.run(claimLimitedJobs(claim, locked)))
    // With room to spare, all of these turns have been taken.
    if (answer.more) return answer
    const more = missing.length > 0 || turns.length === mostTurns(claim.limit)
    const last = turns.at(-1)
    return { ...answer, more, ...(last === undefined ? {} : { last }) }
  })
}

const none: ClaimAnswer = { jobs: [], more: false }

function laneOf(
  { queue, tenantId }: { queue: string; tenantId: string },
  limits: ReadonlyMap<string, number>,
): LockedLane {
  return { queue, tenantId, key: '', maxRunning: limits.get(queue)! }
}
