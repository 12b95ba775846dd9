// The job and its app, for the process that serves the page and the one that works.
import { defineJob } from 'longhaul'
import { createLonghaul } from 'longhaul/server'

export const principal = { tenantId: 'bench', userId: 'bench', roles: [] }
const any = { '~standard': { version: 1, vendor: 'any', validate: (value) => ({ value }) } }

export function createApp(database) {
  const ticking = defineJob('ticking', {
    input: any,
    result: any,
    async run({ input, progress, signal }) {
      await new Promise((resolve) => setTimeout(resolve, 2000)) // the page opens meanwhile
      for (let n = 1; n <= input.changes && !signal.aborted; n += 1) {
        progress((100 * n) / input.changes, String(Date.now()))
        await new Promise((resolve) => setTimeout(resolve, input.everyMs))
      }
    },
  })
  return createLonghaul({ jobs: [ticking], database, authenticate: () => principal })
}

if (process.send !== undefined) {
  const longhaul = createApp(JSON.parse(process.argv[2]))
  await longhaul.work({ concurrency: 1 })
  process.once('disconnect', () => void longhaul.stop({ graceMs: 0 }).finally(() => process.exit()))
}
