import { setTimeout as delay } from 'node:timers/promises'
import { defineJob } from 'longhaul'
import { anything, openApp, principal } from './open-app.mjs'

/** Jobs of 20 ms, for a worker with twenty places. */
export async function open(context) {
  let handle
  const turn = defineJob('turn', {
    input: anything,
    result: anything,
    async run({ input, signal }) {
      handle(input)
      await delay(20, undefined, { signal })
    },
  })
  const app = await openApp({ ...context, settings: { concurrency: 20 } }, turn)
  const other = { ...principal, tenantId: 'other' }
  return {
    ...app,
    work(onJob) {
      handle = onJob
      return app.work()
    },
    ofAnotherTenant: {
      enqueue: (input) => app.longhaul.jobs.enqueue('turn', input, { principal: other }),
    },
  }
}
