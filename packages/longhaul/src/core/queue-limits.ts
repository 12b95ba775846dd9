import { type Duration, parseDuration } from './duration.js'
import { wholeNumber } from './whole-number.js'

/** At most this many in this time. */
export interface Rate {
  /** 1 to 100,000. */
  readonly limit: number
  /** 1 ms to 24 h. */
  readonly per: Duration
}

/** A limit of each of these; where one is absent there is none. */
export interface PerLane<Limit> {
  /** Of all jobs of the queue. */
  readonly perQueue?: Limit
  /** Of the jobs of one tenant. */
  readonly perTenant?: Limit
  /** Of the jobs of one tenant that have the same `key`. */
  readonly perKey?: Limit
}

/** What one lane holds to. */
export interface LaneLimit {
  /** How many jobs run at once. */
  readonly running: number | undefined
  /** How many start in a time. */
  readonly rate: { readonly limit: number; readonly perMs: number } | undefined
}

export type QueueLimits = Required<PerLane<LaneLimit>>

export interface LimitOptions {
  readonly concurrency?: PerLane<number>
  readonly rate?: PerLane<Rate>
}

const longestRateMs = 86_400_000

/** The limits of a job type's queue, or nothing: then its jobs are claimed without looking at any. */
export function parseLimits(
  type: string,
  { concurrency = {}, rate = {} }: LimitOptions,
): QueueLimits | undefined {
  const limitOf = (lane: keyof QueueLimits): LaneLimit => ({
    running: parseRunning(`${type}: concurrency.${lane}`, concurrency[lane]),
    rate: parseRate(`${type}: rate.${lane}`, rate[lane]),
  })
  const limits = {
    perQueue: limitOf('perQueue'),
    perTenant: limitOf('perTenant'),
    perKey: limitOf('perKey'),
  }
  return Object.values(limits).some(isLimited) ? limits : undefined
}

export function isLimited({ running, rate }: LaneLimit): boolean {
  return running !== undefined || rate !== undefined
}

function parseRunning(name: string, running: number | undefined): number | undefined {
  return running === undefined ? undefined : wholeNumber(name, running, 1, 100_000)
}

function parseRate(name: string, rate: Rate | undefined): LaneLimit['rate'] {
  if (rate === undefined) return undefined
  return {
    limit: wholeNumber(`${name}.limit`, rate.limit, 1, 100_000),
    perMs: parseDuration(`${name}.per`, rate.per, { min: 1, max: longestRateMs }),
  }
}
