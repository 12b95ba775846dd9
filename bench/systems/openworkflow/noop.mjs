import { openWorkflows } from './open-workflows.mjs'

export const open = (context) =>
  openWorkflows(context, async ({ input }, handle) => void handle(input))
