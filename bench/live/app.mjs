// One process of the benchmarked app: an API node, or a worker, as its parent says.
import { createServer } from 'node:http'
import { defineJob } from 'longhaul'
import { attachWebSocket, createLonghaul, toNodeListener } from 'longhaul/server'

const { database, work } = JSON.parse(process.env.BENCH)
const any = { '~standard': { version: 1, vendor: 'any', validate: (value) => ({ value }) } }
const principal = { tenantId: 'bench', userId: 'bench', roles: [] }

const stopped = new Set()

/** Changes now and then until it is stopped; each change says when it was made. */
const tick = defineJob('tick', {
  input: any,
  result: any,
  timeout: '1h',
  async run({ input, job, progress }) {
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
    await pause(Math.random() * input.everyMs)
    while (!stopped.has(job.id)) {
      progress(50, String(Date.now()))
      await pause(input.everyMs)
    }
  },
})

const longhaul = createLonghaul({
  jobs: [tick],
  database,
  authenticate: () => principal,
  synchronousCommit: 'off',
})
await longhaul.start()
if (work) await longhaul.work({ concurrency: 2000 })
const server = createServer({ keepAliveTimeout: 60_000 }, toNodeListener(longhaul.fetch))
attachWebSocket(server, longhaul)
server.listen(0, '127.0.0.1', 4096, () => process.send({ port: server.address().port }))

process.on('message', (question) => void answer(question))

async function answer({ ask, everyMs, jobs, ids }) {
  if (ask === 'usage') {
    globalThis.gc?.()
    const { user, system } = process.cpuUsage()
    process.send({ residentBytes: process.memoryUsage.rss(), cpuMs: (user + system) / 1000 })
  }
  if (ask === 'tick') {
    const made = await Promise.all(
      Array.from({ length: jobs }, () => longhaul.jobs.enqueue('tick', { everyMs }, { principal })),
    )
    process.send({ ids: made.map(({ id }) => id) })
  }
  if (ask === 'stop') {
    for (const id of ids) stopped.add(id)
    process.send({})
  }
}
