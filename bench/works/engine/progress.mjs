import { rest, wallMs } from '../../harness/clock.mjs'
import { waits } from '../../harness/quantiles.mjs'
import { fill } from '../payload.mjs'

const reports = 100
const everyMs = 5

/**
 * A hundred jobs at once, each of which reports its progress a hundred times, every 5 ms, while somebody
 * watches all of them: reports a second, and how old what the watcher sees is.
 */
export const works = [
  {
    name: 'progress reports',
    kind: 'progress',
    count: 100,
    async measure({ system, meter, startWorkers, count }) {
      const ages = []
      await fill(system, { count, inputOf: (id) => ({ id, reports, everyMs }) })
      const leave = await system.watch((at) => ages.push(wallMs() - at))
      const workers = await startWorkers(1)
      const measured = await meter.around(async () => {
        await workers.go()
        while (workers.handled() < count) await rest(2)
        return count * reports
      })
      await rest(500) // the last frames are still under way
      await leave()
      await workers.stop()
      const { n: frames, ...ms } = waits(ages)
      return { ...measured, ...ms, frames }
    },
  },
]
