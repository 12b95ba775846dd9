import { once } from 'node:events'
import { defineJob } from 'longhaul'
import { anything, openApp, principal } from './open-app.mjs'

export async function open(context) {
  let handle
  const waiting = defineJob('waiting', {
    input: anything,
    result: anything,
    async run({ input, signal }) {
      handle({ trace: `${input.n} started` })
      await once(signal, 'abort')
      handle({ trace: `${input.n} stopped` })
    },
  })
  const app = await openApp(context, waiting)
  return {
    ...app,
    work(onJob) {
      handle = onJob
      return app.work()
    },
    cancel: ({ id }) => app.longhaul.jobs.cancel({ principal, id }),
  }
}
