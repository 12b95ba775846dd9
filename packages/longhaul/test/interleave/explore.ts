/** One of `count` ways to go on, from 0. */
export type Choose = (count: number) => number

/**
 * Run something again and again until each sequence of its choices was taken once, as long as it has
 * the same ways to go when it is at the same place. Where it has not, as after a deadlock whose victim
 * Postgres picked, the nearest way is taken.
 */
export async function exploreAll(run: (choose: Choose) => Promise<void>): Promise<number> {
  let path: number[] | undefined = []
  let runs = 0
  while (path !== undefined) {
    const given: number[] = path
    const taken: { choice: number; count: number }[] = []
    await run((count) => {
      const choice = Math.min(given[taken.length] ?? 0, count - 1)
      taken.push({ choice, count })
      return choice
    })
    runs += 1
    path = nextPath(taken)
  }
  return runs
}

/** The last choice that has another way to go takes it; what came after begins anew. */
function nextPath(taken: readonly { choice: number; count: number }[]): number[] | undefined {
  const last = taken.findLastIndex(({ choice, count }) => choice + 1 < count)
  if (last === -1) return undefined
  return taken.slice(0, last + 1).map(({ choice }, n) => (n === last ? choice + 1 : choice))
}

/** A choice at random that is the same for the same seed (mulberry32). */
export function chooseBy(seed: number): Choose {
  let state = seed
  return (count) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count
  }
}
