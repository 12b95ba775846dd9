import { rest } from '../harness/clock.mjs'
import { fill } from './payload.mjs'

/** From a full queue until every job is finished in the database, not only handled, or the time is over. */
export function drain({ processes, ...work }) {
  return {
    ...work,
    async measure({ system, meter, startWorkers, count: most, seconds }) {
      const jobs = await fill(system, { count: most, seconds })
      await meter.vacuum()
      const workers = await startWorkers(processes)
      const measured = await meter.around(async () => {
        const end = performance.now() + seconds * 1000
        await workers.go()
        while (workers.handled() < jobs && performance.now() < end) await rest(2)
        while (workers.handled() >= jobs && (await system.pending(meter)) > 0) await rest(5)
        return workers.handled()
      })
      await workers.stop()
      return measured
    },
  }
}
