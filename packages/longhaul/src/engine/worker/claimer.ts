import type { JobDefinition } from '../../core/index.js'
import { setTimeout as delay } from 'node:timers/promises'
import {
  type ClaimAnswer,
  type ClaimedJob,
  claimJobs,
  type ClaimJobs,
  failureKind,
  findClaim,
  type Handled,
  hasReadyJobs,
  type OwnDatabase,
  readClaim,
  roundAfter,
  roundLeft,
  settleClaim,
  type Stretch,
  type Turn,
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

export interface Claimer {
  readonly queues: ReadonlySet<string>
  /**
   * Claim at most `limit` jobs. Several claims, because limited queues are claimed by themselves;
   * none when there is nothing to take, in no turn.
   */
  claim(workerId: string, limit: number): Promise<readonly Claim[]>
  /** A job of this claim runs no more. A claim without jobs is deleted by the next one. */
  release(workerId: string, number: number): void
}

export interface ClaimerOptions {
  readonly db: OwnDatabase
  readonly definitions: readonly JobDefinition[]
  /** Whether the worker still works under this id. */
  isAlive(workerId: string): boolean
}

/** Which queues a worker walks, where its walk stands, and which of its claims still have running jobs. */
export function createClaimer({ db, definitions, isAlive }: ClaimerOptions): Claimer {
  const unlimited: Walk = {
    ...walkOver(definitions.filter((each) => each.maxRunningPerTenant === undefined)),
    isWorthWhile: async () => true,
    claim: async (claim) => readClaim(await db.run(claimJobs(claim))),
  }
  const limited = limitedWalk(db, definitions)
  /** Whose turn it is to come first: neither kind keeps the other from the last free place. */
  let walks = [unlimited, limited].filter(({ queues }) => queues.length > 0)
  const open = new Map<string, number>()
  let ended: ClaimName[] = []
  let number = 0

  /** Until there is something to take, or the walk has come round and there is nothing. */
  async function walkRound(walk: Walk, workerId: string, limit: number): Promise<readonly Claim[]> {
    let round: readonly Stretch[] = roundAfter(walk.queues, walk.after)
    for (;;) {
      const { claim, more, last } = await take(walk, round, { workerId, limit })
      walk.after = last ?? walk.after
      if (claim !== undefined) return [claim]
      if (!more || !isAlive(workerId)) return []
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
    return { ...walked, claim: { ...name, jobs } }
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

  return {
    queues: new Set(walks.flatMap(({ queues }) => queues)),

    async claim(workerId, limit) {
      const claims: Claim[] = []
      let room = limit
      for (const walk of walks) {
        if (room === 0 || !(await walk.isWorthWhile())) continue
        const taken = await walkRound(walk, workerId, room)
        claims.push(...taken)
        room -= taken.reduce((sum, { jobs }) => sum + jobs.length, 0)
      }
      walks = walks.toReversed()
      return claims
    },

    release(workerId, claimNumber) {
      const key = `${workerId} ${claimNumber}`
      const left = (open.get(key) ?? 1) - 1
      if (left > 0) {
        open.set(key, left)
        return
      }
      open.delete(key)
      ended.push({ workerId, number: claimNumber })
    },
  }
}

interface Walk {
  readonly queues: readonly string[]
  readonly handled: readonly Handled[]
  after: Turn | undefined
  isWorthWhile(): Promise<boolean>
  claim(claim: ClaimJobs): Promise<ClaimAnswer>
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

function limitedWalk(db: OwnDatabase, definitions: readonly JobDefinition[]): Walk {
  const limits = new Map<string, number>()
  for (const { queue, maxRunningPerTenant } of definitions) {
    if (maxRunningPerTenant !== undefined) limits.set(queue, maxRunningPerTenant)
  }
  const walk = walkOver(definitions.filter((each) => each.maxRunningPerTenant !== undefined))
  return {
    ...walk,
    // Looking is cheaper than a transaction that finds nothing.
    isWorthWhile: async () => (await db.run(hasReadyJobs(walk.queues)))[0]?.exists === true,
    claim: (claim) => claimLimited(db, claim, limits),
  }
}
