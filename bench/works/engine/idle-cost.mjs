import { rest } from '../../harness/clock.mjs'

/** Statements a minute with one worker and nothing to do. */
export const works = [
  {
    name: 'idle worker, statements',
    kind: 'noop',
    count: 1,
    async measure({ meter, startWorkers, seconds }) {
      const workers = await startWorkers(1)
      await workers.go()
      await rest(3000) // what is done once at the start
      const { statementsPerJob, cpuSeconds } = await meter.around(async () => {
        await rest(2 * seconds * 1000)
        return 1
      })
      await workers.stop()
      return { n: 1, cost: (60 / (2 * seconds)) * statementsPerJob, unit: 'a minute', cpuSeconds }
    },
  },
]
