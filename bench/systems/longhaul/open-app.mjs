import { setTimeout as delay } from 'node:timers/promises'
import { defineJob } from 'longhaul'
import { createLonghaul } from 'longhaul/server'
import { wallMs } from '../../harness/clock.mjs'

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

/** An app whose jobs report their progress again and again; each report says when it was made. */
export function openReporting(context, handle = () => undefined) {
  const reporting = defineJob('reporting', {
    input: anything,
    result: anything,
    async run({ input, progress }) {
      for (let n = 1; n <= input.reports; n += 1) {
        progress((100 * n) / input.reports, String(wallMs()))
        await delay(input.everyMs)
      }
      handle(input)
    },
  })
  return openApp(context, reporting)
}
