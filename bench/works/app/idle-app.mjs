import { rest } from '../../harness/clock.mjs'
import { openReaders } from '../live/by-transport.mjs'

/** Statements a minute of an app with a worker and ten who watch jobs of which nothing is heard. */
export const works = [
  {
    name: 'idle app with ten watchers, statements',
    kind: 'live',
    isHeadline: true,
    count: 1,
    async measure({ system, meter, seconds }) {
      if (system.startApp === undefined) return undefined
      const app = await system.startApp()
      const { ids } = await app.change({ jobs: 10, everyMs: 3_600_000 })
      const readers = await openReaders({ to: system.transports.sse, node: app, count: 10 })
      await readers.connect(ids)
      await rest(3000)
      const { statementsPerJob } = await meter.around(async () => {
        await rest(3 * seconds * 1000)
        return 1
      })
      await readers.close()
      await app.close()
      return { n: 1, cost: (60 / (3 * seconds)) * statementsPerJob, unit: 'a minute' }
    },
  },
]
