// A process of the app: an API node, or a worker, as its parent says.
import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { defineJob } from 'longhaul'
import { attachWebSocket, createLonghaul, toNodeListener } from 'longhaul/server'
import { answerQuestions, task } from '../../harness/answer.mjs'
import { wallMs } from '../../harness/clock.mjs'
import { anything, principal } from './open-app.mjs'

const stopped = new Set()

/** Changes now and then until it is stopped; each change says when it was made. */
const tick = defineJob('tick', {
  input: anything,
  result: anything,
  timeout: '1h',
  async run({ input, job, progress }) {
    await delay(Math.random() * input.everyMs)
    while (!stopped.has(job.id)) {
      progress(50, String(wallMs()))
      await delay(input.everyMs)
    }
  },
})

const longhaul = createLonghaul({
  jobs: [tick],
  database: task.database,
  synchronousCommit: task.durable ? 'on' : 'off',
  authenticate: () => principal,
})
await longhaul.start()
if (task.isWorker) await longhaul.work({ concurrency: 2000 })
/** Beside the API an answer that needs no database, by the same way. */
const answer = (request) =>
  request.url.endsWith('/constant') ? Response.json({ status: 'running' }) : longhaul.fetch(request)
const server = createServer({ keepAliveTimeout: 60_000 }, toNodeListener(answer))
attachWebSocket(server, longhaul)
await new Promise((resolve) => server.listen(0, '127.0.0.1', 16_384, resolve))

answerQuestions(
  { port: server.address().port },
  {
    async change({ jobs, everyMs }) {
      const items = Array.from({ length: jobs }, () => ({ type: 'tick', input: { everyMs } }))
      const made = await longhaul.jobs.enqueueMany(items, { principal })
      return { ids: made.map(({ id }) => id) }
    },
    stop({ ids }) {
      for (const id of ids) stopped.add(id)
    },
  },
)
