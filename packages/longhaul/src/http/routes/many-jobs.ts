import { z } from 'zod'
import { limits } from '../../core/index.js'
import { answerJson } from '../answer.js'
import { defineRoute } from '../route.js'
import { filterSchema } from '../schemas.js'

const description = 'What was done. Ask again while something is left.'
const done = {
  done: z.int().describe('to how many jobs'),
  left: z.int().describe('to how many it can still be done, counted up to 10,000'),
}
const skipped = z
  .strictObject({
    id: z.uuid(),
    code: z
      .enum(['secret_required', 'invalid_state'])
      .describe('invalid_state: what it has spawned is still being cancelled, or stopping'),
    secrets: z.array(z.string()).describe('the names of what POST /jobs/{jobId}/retry needs'),
  })
  .meta({ id: 'SkippedJob' })

export const cancelManyJobs = defineRoute({
  method: 'POST',
  path: '/jobs/cancel',
  operationId: 'cancelManyJobs',
  summary: 'Cancel the jobs of a filter, newest first, at most 1,000.',
  body: z
    .strictObject({
      filter: filterSchema,
      reason: z.string().max(limits.reasonCharacters).optional(),
    })
    .meta({ id: 'CancelManyJobs' }),
  answers: { 200: { description, schema: z.strictObject(done).meta({ id: 'BulkAnswer' }) } },
  errors: ['invalid_input'],
  handle: async ({ body: { filter: selection, reason }, principal, services }) =>
    answerJson(await services.jobs.cancelMany({ principal, selection, reason })),
})

export const retryManyJobs = defineRoute({
  method: 'POST',
  path: '/jobs/retry',
  operationId: 'retryManyJobs',
  summary: 'Start the failed and cancelled jobs of a filter again, newest first, at most 1,000.',
  body: z.strictObject({ filter: filterSchema }).meta({ id: 'RetryManyJobs' }),
  answers: {
    200: {
      description,
      schema: z
        .strictObject({
          ...done,
          skipped: z.array(skipped).describe('of the filter, and left as they are: the newest 100'),
        })
        .meta({ id: 'RetryManyAnswer' }),
    },
  },
  errors: ['invalid_input'],
  handle: async ({ body: { filter: selection }, principal, services }) =>
    answerJson(await services.jobs.retryMany({ principal, selection })),
})
