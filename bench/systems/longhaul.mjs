import { defineJob } from 'longhaul'
import { createLonghaul } from 'longhaul/server'

const any = { '~standard': { version: 1, vendor: 'any', validate: (value) => ({ value }) } }
const principal = { tenantId: 'bench', userId: 'bench', roles: [] }

/** As shipped: history kept, fences, leases, versions and hints on. */
export async function open({ database, synchronousCommit }) {
  let onJob = (_input) => undefined
  const noop = defineJob('noop', { input: any, result: any, run: ({ input }) => onJob(input) })
  const longhaul = createLonghaul({
    jobs: [noop],
    database,
    synchronousCommit,
    authenticate: () => null,
  })
  await longhaul.start()
  const enqueue = (input) => longhaul.jobs.enqueue('noop', input, { principal })
  return {
    settings: { concurrency: 200 },
    enqueue,
    bulk: (inputs) =>
      longhaul.jobs.enqueueMany(
        inputs.map((input) => ({ type: 'noop', input })),
        { principal },
      ),
    async work(handle) {
      onJob = handle
      await longhaul.work({ concurrency: 200 })
    },
    pending: `select count(*)::int as n from longhaul.jobs where finished_at is null`,
    close: () => longhaul.stop(),
  }
}
