import { DBOS } from '@dbos-inc/dbos-sdk'
import { openWorkflows } from './open-workflows.mjs'

export const open = (context) =>
  openWorkflows(context, async (input, handle) => {
    const first = await DBOS.runStep(async () => input.id + 1, { name: 'first' })
    const second = await DBOS.runStep(async () => first + 1, { name: 'second' })
    const third = await DBOS.runStep(async () => second + 1, { name: 'third' })
    handle(input)
    return third
  })
