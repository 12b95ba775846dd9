import { piecesOf } from '../payload.mjs'

/** Jobs a second when they are given by the thousand. */
export const works = [
  {
    name: 'bulk enqueue',
    isHeadline: true,
    kind: 'noop',
    count: 50_000,
    async measure({ system, meter, count }) {
      if (system.bulk === undefined) return undefined
      for (const inputs of piecesOf(Math.min(1000, count))) await system.bulk(inputs)
      return meter.around(async () => {
        for (const inputs of piecesOf(count)) await system.bulk(inputs)
        return count
      })
    },
  },
]
