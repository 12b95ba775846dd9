import { createLonghaul } from 'longhaul/server'

export const anything = {
  '~standard': { version: 1, vendor: 'anything', validate: (value) => ({ value }) },
}
export const principal = { tenantId: 'bench', userId: 'bench', roles: [] }

/** An app with one job type, as every kind of work here needs it. */
export async function openApp({ database, durable, settings }, jobType) {
  const longhaul = createLonghaul({
    jobs: [jobType],
    database,
    synchronousCommit: durable ? 'on' : 'off',
    authenticate: () => principal,
  })
  await longhaul.start()
  const { type } = jobType
  return {
    longhaul,
    settings,
    enqueue: (input) => longhaul.jobs.enqueue(type, input, { principal }),
    bulk: (inputs) =>
      longhaul.jobs.enqueueMany(
        inputs.map((input) => ({ type, input })),
        { principal },
      ),
    work: () => longhaul.work(settings),
    pending: (meter) =>
      meter.count('select count(*) as n from longhaul.jobs where finished_at is null'),
    close: () => longhaul.stop({ graceMs: 0 }),
  }
}
