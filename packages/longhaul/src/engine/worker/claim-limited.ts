import { isLimited, type QueueLimits } from '../../core/index.js'
import {
  type ClaimAnswer,
  type ClaimJobs,
  claimLimitedJobs,
  type LaneRow,
  lineUpKeyless,
  lockLanes,
  makeLanes,
  mostTurns,
  type OwnDatabase,
  readClaim,
} from '../../postgres/index.js'

/** How soon to look again at lanes that another worker was just claiming from. */
const lockedAgainMs = 20

/** Claim from one queue that has limits. */
export function claimLimited(
  db: OwnDatabase,
  claim: ClaimJobs,
  limits: QueueLimits,
): Promise<ClaimAnswer> {
  const ofQueue = isLimited(limits.perQueue)
  return db.transaction(async (tx) => {
    const lanes = await tx.run(lockLanes(claim, { ofQueue }))
    const missing = lanes.filter((lane) => lane.missing)
    if (missing.length > 0) await tx.run(makeLanes(missing))
    const turns = lanes.filter(({ tenantId }) => tenantId !== '')
    const isOurs = !ofQueue || lanes[0]?.locked === true
    const locked = isOurs ? turns.filter((lane) => lane.locked) : []
    if (isLimited(limits.perKey) && locked.length > 0) await tx.run(lineUpKeyless(locked))
    const answer =
      locked.length === 0 ? none : readClaim(await tx.run(claimLimitedJobs(claim, locked, limits)))
    const isFull = locked.length > 0 && answer.last === undefined
    return {
      ...answer,
      ...walked(claim, { lanes, turns, answer, stays: isFull || !isOurs }),
      ...againIn(lanes, answer),
    }
  })
}

const none: ClaimAnswer = { jobs: [], more: false }

interface LookedAt {
  readonly lanes: readonly LaneRow[]
  readonly turns: readonly LaneRow[]
  readonly answer: ClaimAnswer
  /** The queue as a whole had no room, so nobody has had a turn. */
  readonly stays: boolean
}

/** Where the walk stands: with room to spare all of its turns have been taken, but for those that had no lane. */
function walked(
  { limit }: ClaimJobs,
  { lanes, turns, answer, stays }: LookedAt,
): Pick<ClaimAnswer, 'more' | 'last'> {
  if (answer.more) return answer
  if (lanes.some(({ missing }) => missing)) return { more: true }
  const last = turns.at(-1)
  if (stays || last === undefined) return { more: false }
  return { more: turns.length === mostTurns(limit), last }
}

function againIn(lanes: readonly LaneRow[], { againInMs }: ClaimAnswer): { againInMs?: number } {
  const busy = lanes.some(({ locked, missing, paused }) => !locked && !missing && !paused)
  const soonest = Math.min(againInMs ?? Infinity, busy ? lockedAgainMs : Infinity)
  return soonest === Infinity ? {} : { againInMs: soonest }
}
