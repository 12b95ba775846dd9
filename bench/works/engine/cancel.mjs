import { pause, wallMs } from '../../harness/clock.mjs'
import { waits } from '../../harness/quantiles.mjs'

/** Milliseconds from the call to cancel until the handler's signal fires, in another process. */
export const works = [
  {
    name: 'cancel to signal',
    kind: 'cancel',
    count: 200,
    least: 10,
    async measure({ system, startWorkers, count }) {
      const workers = await startWorkers(1)
      await workers.go()
      const taken = []
      for (let n = 0; n < count; n += 1) {
        const job = await system.enqueue({ n })
        await workers.saw(`${n} started`)
        const at = wallMs()
        await system.cancel(job)
        taken.push((await workers.saw(`${n} stopped`)) - at)
        await pause()
      }
      await workers.stop()
      return waits(taken)
    },
  },
]
