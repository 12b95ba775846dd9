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
  type TakenTurn,
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
    const locked = turns.flatMap(({ queue, tenantId, stretch, key, maxRunning }): LockedLane[] =>
      key === null || maxRunning === null ? [] : [{ queue, tenantId, stretch, key, maxRunning }],
    )
    const answer =
      locked.length === 0 ? none : readClaim(await tx.run(claimLimitedJobs(claim, locked)))
    // With room to spare, all of these turns have been taken, but for those that had no lane.
    if (answer.more) return answer
    if (missing.length > 0) return { jobs: answer.jobs, more: true }
    const more = turns.length === mostTurns(claim.limit)
    const last = turns.at(-1)
    return { ...answer, more, ...(last === undefined ? {} : { last }) }
  })
}

const none: ClaimAnswer = { jobs: [], more: false }

function laneOf(
  { queue, tenantId, stretch }: TakenTurn,
  limits: ReadonlyMap<string, number>,
): LockedLane {
  return { queue, tenantId, stretch, key: '', maxRunning: limits.get(queue)! }
}
