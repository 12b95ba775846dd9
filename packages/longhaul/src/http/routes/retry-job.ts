import { z } from 'zod'
import { answerJson } from '../answer.js'
import { defineRoute } from '../route.js'
import { jobAnswerSchema } from '../schemas.js'
import { secretsSchema } from './create-job.js'

export const retryJob = defineRoute({
  method: 'POST',
  path: '/jobs/{jobId}/retry',
  operationId: 'retryJob',
  summary: 'Start a failed or cancelled job again. Finished steps are kept.',
  body: z
    .strictObject({
      secrets: secretsSchema.optional().describe('those that the job had, which are gone'),
    })
    .meta({ id: 'RetryJob' })
    .optional(),
  answers: { 200: { description: 'The job, queued again.', schema: jobAnswerSchema } },
  errors: [
    'job_not_found',
    'invalid_state',
    'secret_required',
    'invalid_input',
    'secrets_unavailable',
  ],
  async handle({ params, body: { secrets = {} } = {}, principal, services }) {
    const id = params['jobId'] ?? ''
    const { value: job, epoch } = await services.jobs.retry(principal, id, { secrets })
    return answerJson({ ...job, epoch })
  },
})
