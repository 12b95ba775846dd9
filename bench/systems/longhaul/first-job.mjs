// A small app from its first line: an embedded Postgres, an API, a worker, one job. Ends when the job is done.
import { defineJob } from 'longhaul'
import { createLonghaul } from 'longhaul/server'
import { anything, principal } from './open-app.mjs'

const noop = defineJob('noop', { input: anything, result: anything, run: () => null })
const longhaul = createLonghaul({
  jobs: [noop],
  dataDirectory: process.argv[2],
  authenticate: () => principal,
})
await longhaul.work()
const { id } = await longhaul.jobs.enqueue('noop', {}, { principal })
while ((await longhaul.jobs.get(principal, id)).status !== 'completed') {
  await new Promise((resolve) => setTimeout(resolve, 2))
}
process.send('done')
await longhaul.stop()
