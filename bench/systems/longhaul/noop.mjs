import { defineJob } from 'longhaul'
import { anything, openApp } from './open-app.mjs'

export async function open(context) {
  let handle
  const run = ({ input }) => handle(input)
  const app = await openApp(context, defineJob('noop', { input: anything, result: anything, run }))
  return {
    ...app,
    work(onJob) {
      handle = onJob
      return app.work()
    },
  }
}
