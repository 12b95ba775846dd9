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
  settleClaim,
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

export interface Claims {
  /** Several, because limited queues are claimed by themselves. */
  readonly claims: readonly Claim[]
  /** Whether there may be more to claim at once. */
  readonly more: boolean
}

export interface Claimer {
  readonly queues: ReadonlySet<string>
  /** Claim at most `limit` jobs. */
  claim(workerId: string, limit: number): Promise<Claims>
  /** A job of this claim runs no more. A claim without jobs is deleted by the next one. */
  release(workerId: string, number: number): void
}

export interface ClaimerOptions {
  readonly db: OwnDatabase
  readonly definitions: readonly JobDefinition[]
  /** Whether this id still holds its lease. */
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

  async function take(walk: Walk, workerId: string, limit: number): Promise<Claims> {
    number += 1
    // Taken off the list only once the statement that deletes them has been answered.
    const endedClaims = ended
      .filter((each) => each.workerId === workerId)
      .map((each) => each.number)
    const { queues, handled, after } = walk
    const name = { workerId, number }
    const claim = { ...name, endedClaims, queues, handled, after, limit }
    const { jobs, last, more } = await walk
      .claim(claim)
      .catch((error: unknown) => adopt(name, error))
    ended = ended.filter((each) => each.workerId !== workerId || !endedClaims.includes(each.number))
    walk.after = last ?? walk.after
    if (jobs.length === 0) return { claims: [], more }
    open.set(`${workerId} ${name.number}`, jobs.length)
    return { claims: [{ ...name, jobs }], more: true }
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
      let more = false
      for (const walk of walks) {
        if (room === 0 || !(await walk.isWorthWhile())) continue
        const taken = await take(walk, workerId, room)
        claims.push(...taken.claims)
        more ||= taken.more
        room -= taken.claims.reduce((sum, { jobs }) => sum + jobs.length, 0)
      }
      walks = walks.toReversed()
      return { claims, more }
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
