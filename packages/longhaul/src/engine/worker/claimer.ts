import type { JobDefinition } from '../../core/index.js'
import { setTimeout as delay } from 'node:timers/promises'
import {
  type ClaimedJob,
  claimJobs,
  type ClaimJobs,
  claimLimitedJobs,
  failureKind,
  findClaim,
  type Handled,
  hasReadyJobs,
  lockLanes,
  type OwnDatabase,
  settleClaim,
} from '../../postgres/index.js'
import { jittered } from './alarm.js'

interface ClaimName {
  readonly workerId: string
  readonly number: number
}

export interface Claim extends ClaimName {
  readonly jobs: readonly ClaimedJob[]
}

export interface Claimer {
  readonly queues: ReadonlySet<string>
  /** Claim at most `limit` jobs. Several claims, because limited queues are claimed by themselves. */
  claim(workerId: string, limit: number): Promise<readonly Claim[]>
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
  const unlimited = createWalk(definitions.filter((each) => each.maxRunningPerTenant === undefined))
  const limited = createWalk(definitions.filter((each) => each.maxRunningPerTenant !== undefined))
  const open = new Map<string, number>()
  let ended: ClaimName[] = []
  let number = 0

  async function take(
    walk: Walk,
    { workerId, limit }: { workerId: string; limit: number },
    run: (claim: ClaimJobs) => Promise<readonly ClaimedJob[]>,
  ): Promise<Claim[]> {
    if (walk.queues.length === 0 || limit === 0) return []
    number += 1
    // Taken off the list only once the statement that deletes them has been answered.
    const endedClaims = ended
      .filter((each) => each.workerId === workerId)
      .map((each) => each.number)
    const { queues, handled, afterTenant } = walk
    const name = { workerId, number }
    const claim = { ...name, endedClaims, queues, handled, afterTenant, limit }
    const jobs = await run(claim).catch((error: unknown) => adopt(name, error))
    ended = ended.filter((each) => each.workerId === workerId && !endedClaims.includes(each.number))
    if (jobs.length === 0) return []
    walk.afterTenant = nextTurn(afterTenant, jobs)
    open.set(`${workerId} ${number}`, jobs.length)
    return [{ workerId, number, jobs }]
  }

  /** A claim whose answer was lost may have happened: then its jobs are ours, and nobody else will run them. */
  async function adopt(name: ClaimName, error: unknown): Promise<readonly ClaimedJob[]> {
    if (failureKind(error) !== 'unavailable') throw error
    for (let tries = 0; ; tries += 1) {
      await delay(jittered(Math.min(1000, 50 * 2 ** tries)))
      if (!isAlive(name.workerId)) throw error
      try {
        await db.run(settleClaim(name))
        const jobs = await db.run(findClaim(name))
        if (jobs.length === 0) ended.push(name)
        return jobs
      } catch (again) {
        if (failureKind(again) !== 'unavailable') throw again
      }
    }
  }

  return {
    queues: new Set([...unlimited.queues, ...limited.queues]),

    async claim(workerId, limit) {
      const first = await take(unlimited, { workerId, limit }, (claim) => db.run(claimJobs(claim)))
      const rest = limit - (first[0]?.jobs.length ?? 0)
      // Looking is cheaper than a transaction that finds nothing.
      if (limited.queues.length === 0 || rest === 0) return first
      const [ready] = await db.run(hasReadyJobs(limited.queues))
      if (ready?.exists !== true) return first
      const second = await take(limited, { workerId, limit: rest }, (claim) =>
        db.transaction(async (tx) => {
          const lanes = await tx.run(lockLanes(claim))
          return lanes.length === 0 ? [] : tx.run(claimLimitedJobs({ ...claim, lanes }))
        }),
      )
      return [...first, ...second]
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
  afterTenant: string
}

function createWalk(definitions: readonly JobDefinition[]): Walk {
  return {
    queues: [...new Set(definitions.map(({ queue }) => queue))],
    handled: definitions.map(({ type, version }) => ({ type, version })),
    afterTenant: '',
  }
}

/** Where the walk ended: the last tenant of those that come before the old place, for it had come round, or else after it. */
export function nextTurn(afterTenant: string, jobs: readonly ClaimedJob[]): string {
  const tenants = jobs.map(({ tenantId }) => tenantId)
  const cameRound = tenants.filter((tenant) => compareBytes(tenant, afterTenant) <= 0)
  return (cameRound.length > 0 ? cameRound : tenants).reduce((last, tenant) =>
    compareBytes(tenant, last) > 0 ? tenant : last,
  )
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
