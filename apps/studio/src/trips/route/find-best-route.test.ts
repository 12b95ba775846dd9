import { describe, expect, it } from 'vitest'
import { seededRandom } from '../seeded-random.js'
import { type BestRoute, findBestRoute, type FindBestRoute } from './find-best-route.js'
import { createTurns } from './take-turns.js'

const line = [0, 10, 20, 30]
const problem = {
  driveMinutes: line.map((a) => line.map((b) => Math.abs(a - b))),
  visitMinutes: [0, 30, 30, 30],
  worthMinutes: [0, 100, 100, 100],
  maxMinutes: 480,
  maxStops: 6,
}

function find(options: Partial<FindBestRoute> = {}): Promise<BestRoute> {
  return findBestRoute({
    problem,
    random: seededRandom('line'),
    budgetMs: 20,
    signal: new AbortController().signal,
    turn: createTurns(),
    ...options,
  })
}

describe('findBestRoute', () => {
  it('searches for as long as it may, and says how far it is', async () => {
    const shares: number[] = []
    const { stops, compared } = await find({ onProgress: (share) => shares.push(share) })
    expect(stops.toSorted((a, b) => a - b)).toEqual([1, 2, 3])
    expect(compared).toBeGreaterThan(10)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
  })

  it('searches a slice even when there is no time', async () => {
    expect((await find({ budgetMs: 0 })).stops).toHaveLength(3)
  })

  it('has an answer for a day without places', async () => {
    const empty = { ...problem, driveMinutes: [[0]], visitMinutes: [0], worthMinutes: [0] }
    expect(await find({ problem: empty })).toEqual({ stops: [], compared: 0 })
  })

  it('stops within a slice of the abort, with its reason', async () => {
    const controller = new AbortController()
    const reason = new Error('cancelled')
    const search = find({
      budgetMs: Number.MAX_SAFE_INTEGER,
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    })
    await expect(search).rejects.toBe(reason)
  })

  it('lets others have their turn: many searches hold the event loop for one slice at a time', async () => {
    const turn = createTurns()
    const controller = new AbortController()
    const order: number[] = []
    const search = (n: number): Promise<BestRoute> =>
      find({
        turn,
        budgetMs: Number.MAX_SAFE_INTEGER,
        signal: controller.signal,
        onProgress: () => order.push(n) === 9 && controller.abort(),
      })
    await Promise.allSettled([0, 1, 2].map(search))
    expect(order).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2])
  })
})
