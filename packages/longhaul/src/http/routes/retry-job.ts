import { z } from 'zod'
import { answerJson } from '../answer.js'
import { defineRoute } from '../route.js'
import { jobAnswerSchema } from '../schemas.js'

export const retryJob = defineRoute({
  method: 'POST',
  path: '/jobs/{jobId}/retry',
  operationId: 'retryJob',
  summary: 'Start a failed or cancelled job again. Finished steps are kept.',
  body: z.strictObject({}).optional(),
  answers: { 200: { description: 'The job, queued again.', schema: jobAnswerSchema } },
  errors: ['job_not_found', 'invalid_state'],
  async handle({ params, principal, services }) {
    const { value: job, epoch } = await services.jobs.retry(principal, params['jobId'] ?? '')
    return answerJson({ ...job, epoch })
  },
})
