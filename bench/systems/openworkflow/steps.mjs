import { openWorkflows } from './open-workflows.mjs'

export const open = (context) =>
  openWorkflows(context, async ({ input, step }, handle) => {
    const first = await step.run({ name: 'first' }, async () => input.id + 1)
    const second = await step.run({ name: 'second' }, async () => first + 1)
    const third = await step.run({ name: 'third' }, async () => second + 1)
    handle(input)
    return third
  })
