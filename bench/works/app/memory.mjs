import { rest } from '../../harness/clock.mjs'

const megabyte = 1024 * 1024

/** Resident memory of a process that serves the API and works: idle, and what jobs that run add to it. */
export const works = [
  {
    name: 'memory of an idle app',
    kind: 'live',
    isHeadline: true,
    count: 1,
    async measure({ system }) {
      if (system.startApp === undefined) return undefined
      const app = await system.startApp()
      await rest(2000)
      const { residentBytes } = await app.ask({ ask: 'usage' })
      await app.close()
      return { n: 1, cost: residentBytes / megabyte, unit: 'MB' }
    },
  },
  {
    name: 'memory of 1,000 running jobs',
    kind: 'live',
    isHeadline: true,
    count: 1000,
    async measure({ system, meter, count }) {
      if (system.running === undefined) return undefined
      const app = await system.startApp()
      await rest(2000)
      const before = await app.ask({ ask: 'usage' })
      await app.change({ jobs: count, everyMs: 3_600_000 })
      while ((await system.running(meter)) < count) await rest(50)
      await rest(2000)
      const { residentBytes } = await app.ask({ ask: 'usage' })
      await app.close()
      return { n: count, cost: (residentBytes - before.residentBytes) / megabyte, unit: 'MB' }
    },
  },
]
