import { createServer } from 'node:http'
import { attachWebSocket, createLonghaul, toNodeListener } from 'longhaul/server'
import { task } from '../../harness/answer.mjs'
import { principal } from './open-app.mjs'
import { authenticate } from './sign-in.mjs'

/** A process of the app: an API node, or also a worker, as its parent says. */
export async function serve(jobType) {
  const longhaul = createLonghaul({
    jobs: [jobType],
    database: task.database,
    synchronousCommit: task.durable ? 'on' : 'off',
    authenticate,
    connections: { perCaller: 100_000, total: 100_000 },
  })
  await longhaul.start()
  if (task.isWorker) await longhaul.work({ concurrency: 2000 })
  const server = createServer({ keepAliveTimeout: 60_000 }, toNodeListener(answer))
  attachWebSocket(server, longhaul)
  await new Promise((resolve) => server.listen(0, '127.0.0.1', 16_384, resolve))
  return {
    port: server.address().port,
    /** @returns the ids of as many jobs with this input */
    async begin(jobs, input) {
      const items = Array.from({ length: jobs }, () => ({ type: jobType.type, input }))
      const made = await longhaul.jobs.enqueueMany(items, { principal })
      return made.map(({ id }) => id)
    },
  }

  /** Beside the API an answer that needs no database, by the same way. */
  function answer(request, environment) {
    return request.url.endsWith('/constant')
      ? Response.json({ status: 'running' })
      : longhaul.fetch(request, environment)
  }
}
