import { z } from 'zod'
import { answerJson } from '../answer.js'
import { type AnyRoute, defineRoute, type Route } from '../route.js'

const cleanUp = {
  path: '/jobs/cleanup',
  summary:
    'Delete expired jobs, in bounded batches. For a cron service, with its secret as bearer token.',
  access: 'cron',
  answers: {
    200: {
      description: 'How many were deleted, and whether there is more to do.',
      schema: z.strictObject({ deleted: z.int(), more: z.boolean() }).meta({ id: 'CleanUp' }),
    },
  },
  errors: [],
  handle: async ({ services }) => answerJson(await services.jobs.deleteExpired()),
} satisfies Omit<Route, 'method' | 'operationId'>

export const cleanUpJobs: readonly AnyRoute[] = [
  defineRoute({ ...cleanUp, method: 'POST', operationId: 'cleanUpJobs' }),
  // Some cron services can only GET.
  defineRoute({ ...cleanUp, method: 'GET', operationId: 'cleanUpJobsByGet' }),
]
