import { rest } from '../../harness/clock.mjs'
import { waits } from '../../harness/quantiles.mjs'
import { startsOf } from '../engine/idle-start.mjs'
import { fill, payload, withCallers } from '../payload.mjs'

const jobs = 10_000
const lists = 200

/**
 * Four works on a database that `prepare` brings into a state; it may resolve with how to end that. Where the
 * queue never gets empty no worker is idle, and a drain ends after as many jobs as elsewhere.
 */
export function grown({ name, count = 1, isNeverEmpty = false, prepare }) {
  return {
    name,
    kind: 'growth',
    isHeadline: true,
    count,
    async measure(context) {
      const { system } = context
      const end = await prepare({ ...context, states: system.states })
      const results = [
        { work: 'enqueue, 32 callers', ...(await enqueue(context)) },
        { work: 'drain, 1 process', ...(await drain(context)) },
        { work: 'list of the newest 20', ...(await list(system)) },
        ...(isNeverEmpty
          ? []
          : [{ work: 'idle: enqueue to start', ...(await startsOf({ ...context, count: 100 })) }]),
      ]
      await end?.()
      return results.map((result) => ({ ...result, system: name }))
    },
  }
}

function enqueue({ system, meter, seconds }) {
  const call = (id) => system.enqueue(payload(id))
  return meter.around(() => withCallers({ count: jobs, callers: 32, seconds }, call))
}

async function drain({ system, meter, seconds, startWorkers }) {
  await fill(system, { count: jobs })
  const workers = await startWorkers(1)
  const measured = await meter.around(async () => {
    const end = performance.now() + seconds * 1000
    await workers.go()
    while (workers.handled() < jobs && performance.now() < end) await rest(2)
    return workers.handled()
  })
  await workers.stop()
  return measured
}

async function list(system) {
  const taken = []
  for (let n = 0; n < lists; n += 1) {
    const begun = performance.now()
    await system.list()
    taken.push(performance.now() - begun)
  }
  return waits(taken)
}
