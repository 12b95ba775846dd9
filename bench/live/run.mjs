// Live delivery: what an idle connection costs, how long a change takes from a job in one process to
// readers of another, and how many frames a CPU-second of the API node delivers.
//   node bench/live/run.mjs [--connections 5000] [--seconds 10]
// Idle: resident memory of the API node for each connection that watches one job. Quiet: 1,000 jobs, each
// with a reader, 100 changes/s. Scattered: the same, 2,000 changes/s. Shared: one job, 20 changes/s, 1,000
// readers. Milliseconds (median / 99th) from progress() in the worker to the reader; frames for each
// CPU-second of the API node.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startTestDatabase } from 'longhaul/testing'

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '10' },
  },
})
const connections = Number(values.connections)
const seconds = Number(values.seconds)
const { database, stop } = await startTestDatabase()
const file = (name) => fileURLToPath(new URL(name, import.meta.url))
const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function startApp(work) {
  const env = { ...process.env, BENCH: JSON.stringify({ database, work }) }
  const app = fork(file('app.mjs'), { env, execArgv: ['--expose-gc'] })
  const [{ port }] = await once(app, 'message')
  return { app, port }
}

async function ask(process_, question) {
  process_.send(question)
  return (await once(process_, 'message'))[0]
}

/** @returns what the transport costs and delivers with a new API node */
async function measure(transport, worker) {
  const { app, port } = await startApp(false)
  const clients = fork(file('clients.mjs'))
  const connect = (count, ids) => ask(clients, { ask: 'connect', transport, port, count, ids })
  const idle = await ask(worker, { ask: 'tick', jobs: 1, everyMs: 3_600_000 })
  await connect(100, idle.ids)
  await ask(clients, { ask: 'close' })
  await rest(1000)

  const before = await ask(app, { ask: 'usage' })
  await connect(connections, idle.ids)
  await rest(2000)
  const { residentBytes } = await ask(app, { ask: 'usage' })
  await ask(clients, { ask: 'close' })
  await rest(2000)

  const quiet = await deliver({ jobs: 1000, everyMs: 10_000 })
  const scattered = await deliver({ jobs: 1000, everyMs: 500 })
  const shared = await deliver({ jobs: 1, everyMs: 50 })
  app.kill()
  clients.kill()
  const kilobytes = (residentBytes - before.residentBytes) / connections / 1024
  return { kilobytes, quiet, scattered, shared }

  async function deliver(load) {
    const { ids } = await ask(worker, { ask: 'tick', ...load })
    await connect(1000, ids)
    await rest(2000)
    await ask(clients, { ask: 'reset' })
    const from = await ask(app, { ask: 'usage' })
    await rest(seconds * 1000)
    const to = await ask(app, { ask: 'usage' })
    const result = await ask(clients, { ask: 'result' })
    await ask(clients, { ask: 'close' })
    await ask(worker, { ask: 'stop', ids })
    await rest(1000)
    return { ...result, perCpuSecond: (result.frames / (to.cpuMs - from.cpuMs)) * 1000 }
  }
}

const worker = (await startApp(true)).app
const rows = []
for (const transport of ['sse', 'websocket']) {
  const { kilobytes, quiet, scattered, shared } = await measure(transport, worker)
  const latency = ({ p50Ms, p99Ms }) => `${p50Ms} / ${p99Ms}`
  const cells = [
    transport,
    kilobytes.toFixed(1),
    latency(quiet),
    Math.round(scattered.perCpuSecond),
    latency(scattered),
    Math.round(shared.perCpuSecond),
    latency(shared),
  ]
  rows.push(`| ${cells.join(' | ')} |`)
  console.log(JSON.stringify({ transport, connections, kilobytes, quiet, scattered, shared }))
}
worker.kill()
await stop()
console.log(`
| transport | idle, KB | quiet, ms | scattered, frames | ms | shared, frames | ms |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}`)
process.exit(0)
