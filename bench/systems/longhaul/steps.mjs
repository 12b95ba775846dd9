import { defineJob } from 'longhaul'
import { anything, openApp } from './open-app.mjs'

export async function open(context) {
  let handle
  const threeSteps = defineJob('three_steps', {
    input: anything,
    result: anything,
    async run({ input, step }) {
      const first = await step('first', () => input.id + 1)
      const second = await step('second', () => first + 1)
      const third = await step('third', () => second + 1)
      handle(input)
      return third
    },
  })
  const app = await openApp(context, threeSteps)
  return {
    ...app,
    work(onJob) {
      handle = onJob
      return app.work()
    },
  }
}
