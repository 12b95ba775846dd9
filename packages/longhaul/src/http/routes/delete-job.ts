import { answerNothing } from '../answer.js'
import { defineRoute } from '../route.js'

export const deleteJob = defineRoute({
  method: 'DELETE',
  path: '/jobs/{jobId}',
  operationId: 'deleteJob',
  summary: 'Delete a settled job with its steps and cancellations.',
  answers: { 204: { description: 'It is gone.' } },
  errors: ['job_not_found', 'job_not_settled'],
  async handle({ params, principal, services }) {
    await services.jobs.delete(principal, params['jobId'] ?? '')
    return answerNothing(204)
  },
})
