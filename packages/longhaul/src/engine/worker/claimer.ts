import { type JobDefinition, type QueueLimits } from '../../core/index.js'
import { setTimeout as delay } from 'node:timers/promises'
import {
  type ClaimAnswer,
  type ClaimedJob,
  claimJobs,
  type ClaimJobs,
  failureKind,
  findClaim,
  findReadyQueues,
  type Handled,
  type OwnDatabase,
  readClaim,
  roundAfter,
  roundLeft,
  settleClaim,
  type Stretch,
  type Turn,
  vacuumReadyJobs,
} from '../../postgres/index.js'
import { jittered } from './alarm.js'
import { claimLimited } from './claim-limited.js'

interface ClaimName {
  readonly workerId: string
  readonly number: number
}

export interface Claim extends ClaimName {
  readonly jobs: readonly ClaimedJob[]
}

export interface Claims {
  readonly claims: readonly Claim[]
  /** In how many milliseconds there is something to take that was kept back now; Infinity: nothing was. */
  readonly againInMs: number
}

export interface Claimer {
  readonly queues: ReadonlySet<string>
  /**
   * Claim at most `limit` jobs. Several claims, because limited queues are claimed by themselves;
   * none when there is nothing to take, in no turn.
   */
  claim(workerId: string, limit: number): Promise<Claims>
  /** A job of this claim runs no more. A claim without jobs is deleted by the next one. */
  release(workerId: string, number: number): void
}

export interface ClaimerOptions {
  readonly db: OwnDatabase
  readonly definitions: readonly JobDefinition[]
  /** Whether the worker still works under this id. */
  isAlive(workerId: string): boolean
}

/** After how many jobs the entries that claiming them has left are cleared away. */
const jobsPerVacuum = 5000

/** Which queues a worker walks, where its walks stand, and which of its claims still have running jobs. */
export function createClaimer({ db, definitions, isAlive }: ClaimerOptions): Claimer {
  /** Whose turn it is to come first: none keeps the others from the last free place. */
  let walks = walksOver(db, definitions)
  const limited = walks.flatMap((walk) => (walk.isLimited ? walk.queues : []))
  const open = new Map<string, number>()
  let ended: ClaimName[] = []
  let number = 0
  let sinceVacuum = 0

  /** Until there is something to take, or the walk has come round and there is nothing. */
  async function walkRound(walk: Walk, workerId: string, limit: number): Promise<Claims> {
    let round: readonly Stretch[] = roundAfter(walk.queues, walk.after)
    let soonest = Infinity
    for (;;) {
      const {
        claim,
        more,
        last,
        againInMs = Infinity,
      } = await take(walk, round, {
        workerId,
        limit,
      })
      walk.after = last ?? walk.after
      soonest = Math.min(soonest, againInMs)
      if (claim !== undefined) return { claims: [claim], againInMs: soonest }
      if (!more || !isAlive(workerId)) return { claims: [], againInMs: soonest }
      round = last === undefined ? round : roundLeft(round, last)
    }
  }

  async function take(
    { handled, claim: claimFrom }: Walk,
    round: readonly Stretch[],
    { workerId, limit }: { workerId: string; limit: number },
  ): Promise<Omit<ClaimAnswer, 'jobs'> & { readonly claim?: Claim }> {
    number += 1
    // Taken off the list only once the statement that deletes them has been answered.
    const endedClaims = ended
      .filter((each) => each.workerId === workerId)
      .map((each) => each.number)
    const name = { workerId, number }
    const { jobs, ...walked } = await claimFrom({
      ...name,
      endedClaims,
      handled,
      round,
      limit,
    }).catch((error: unknown) => adopt(name, error))
    ended = ended.filter((each) => each.workerId !== workerId || !endedClaims.includes(each.number))
    if (jobs.length === 0) return walked
    open.set(`${workerId} ${name.number}`, jobs.length)
    sinceVacuum += jobs.length
    if (sinceVacuum >= jobsPerVacuum) void vacuum()
    return { ...walked, claim: { ...name, jobs } }
  }

  async function vacuum(): Promise<void> {
    sinceVacuum = 0
    // Without it claims are slower until the server's own comes round, and nothing else.
    await db.run(vacuumReadyJobs()).catch(() => undefined)
  }

  /** A claim whose answer was lost may have happened: then its jobs are ours, and nobody else will run them. */
  async function adopt(name: ClaimName, error: unknown): Promise<ClaimAnswer> {
    if (failureKind(error) !== 'unavailable') throw error
    for (let tries = 0; ; tries += 1) {
      await delay(jittered(Math.min(1000, 50 * 2 ** tries)))
      if (!isAlive(name.workerId)) throw error
      try {
        await db.run(settleClaim(name))
        const jobs = await db.run(findClaim(name))
        if (jobs.length === 0) ended.push(name)
        return { jobs, more: true }
      } catch (again) {
        if (failureKind(again) !== 'unavailable') throw again
      }
    }
  }

  /** Looking is cheaper than a transaction that finds nothing. */
  async function readyOf(queues: readonly string[]): Promise<ReadonlySet<string>> {
    if (queues.length === 0) return new Set()
    return new Set((await db.run(findReadyQueues(queues))).map(({ queue }) => queue))
  }

  return {
    queues: new Set(walks.flatMap(({ queues }) => queues)),

    async claim(workerId, limit) {
      const claims: Claim[] = []
      let room = limit
      let soonest = Infinity
      const ready = await readyOf(limited)
      for (const walk of walks) {
        if (room === 0 || (walk.isLimited && !walk.queues.some((queue) => ready.has(queue))))
          continue
        const taken = await walkRound(walk, workerId, room)
        claims.push(...taken.claims)
        soonest = Math.min(soonest, taken.againInMs)
        room -= taken.claims.reduce((sum, { jobs }) => sum + jobs.length, 0)
      }
      walks = [...walks.slice(1), ...walks.slice(0, 1)]
      return { claims, againInMs: soonest }
    },

    release(workerId, claimNumber) {
      const key = `${workerId} ${claimNumber}`
      const left = (open.get(key) ?? 1) - 1
      if (left > 0) {
        open.set(key, left)
        return
      }
      open.delete(key)
      // Whose lease is lost left its jobs as they were: the claim is how rescue finds them.
      if (isAlive(workerId)) ended.push({ workerId, number: claimNumber })
    },
  }
}

interface Walk {
  readonly queues: readonly string[]
  readonly handled: readonly Handled[]
  readonly isLimited: boolean
  after: Turn | undefined
  claim(claim: ClaimJobs): Promise<ClaimAnswer>
}

/** One for all queues without limits, and one for each queue that has them. */
function walksOver(db: OwnDatabase, definitions: readonly JobDefinition[]): Walk[] {
  const unlimited = definitions.filter(({ limits }) => limits === undefined)
  const limited = new Map<string, { limits: QueueLimits; definitions: JobDefinition[] }>()
  for (const definition of definitions) {
    const { queue, limits } = definition
    if (limits === undefined) continue
    const others = limited.get(queue)?.definitions ?? []
    limited.set(queue, { limits, definitions: [...others, definition] })
  }
  return [
    ...(unlimited.length === 0
      ? []
      : [
          {
            ...walkOver(unlimited),
            isLimited: false,
            claim: async (claim: ClaimJobs) => readClaim(await db.run(claimJobs(claim))),
          },
        ]),
    ...[...limited.values()].map(({ limits, definitions: ofQueue }) => ({
      ...walkOver(ofQueue),
      isLimited: true,
      claim: (claim: ClaimJobs) => claimLimited(db, claim, limits),
    })),
  ]
}

function walkOver(
  definitions: readonly JobDefinition[],
): Pick<Walk, 'queues' | 'handled' | 'after'> {
  return {
    queues: [...new Set(definitions.map(({ queue }) => queue))],
    handled: definitions.map(({ type, version }) => ({ type, version })),
    after: undefined,
  }
}
