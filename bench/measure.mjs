// One system, one work, one process: prints a line of JSON.
import { openMeter } from './harness/meter.mjs'
import { startWorkers } from './harness/workers.mjs'
import { openSystem } from './systems/open-system.mjs'
import { suites } from './works/index.mjs'

const task = JSON.parse(process.argv[2])
const work = suites[task.suite].find(({ name }) => name === task.work)
const meter = await openMeter(task)
const system = await openSystem({ ...task, kind: work.kind })
const measured = await work.measure({
  system,
  meter,
  count: Math.max(work.least ?? 1, Math.round(work.count * task.size)),
  seconds: task.seconds,
  startWorkers: (count) => startWorkers(count, { ...task, kind: work.kind }),
})
const { settings } = system
console.log(
  JSON.stringify(measured && [measured].flat().map((one) => ({ ...one, settings })), rounded) ??
    'null',
)
setTimeout(() => process.exit(), 3000)
await system.close()
await meter.close()
process.exit()

/** Five figures are more than any of them is good for. */
function rounded(_key, value) {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value
}
