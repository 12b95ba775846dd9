import { z } from 'zod'
import { limits } from '../../core/index.js'
import { answerJson } from '../answer.js'
import { defineRoute } from '../route.js'
import { jobAnswerSchema } from '../schemas.js'

export const cancelJob = defineRoute({
  method: 'POST',
  path: '/jobs/{jobId}/cancel',
  operationId: 'cancelJob',
  summary: 'Cancel a job: at once when no worker has it, else its handler is told to stop.',
  body: z
    .strictObject({
      reason: z.string().max(limits.reasonCharacters).optional(),
      metadata: z.record(z.string(), z.json()).optional(),
    })
    .optional()
    .meta({ id: 'CancelJob' }),
  answers: {
    200: { description: 'The job is cancelled.', schema: jobAnswerSchema },
    202: {
      description: 'The job runs; its handler is being told. `cancelRequestedAt` is set.',
      schema: jobAnswerSchema,
    },
  },
  errors: ['job_not_found', 'invalid_state', 'invalid_input', 'not_json'],
  async handle({ params, body, principal, services }) {
    const { value: job, epoch } = await services.jobs.cancel({
      principal,
      id: params['jobId'] ?? '',
      reason: body?.reason,
      metadata: body?.metadata,
    })
    return answerJson({ ...job, epoch }, job.status === 'cancelled' ? 200 : 202)
  },
})
