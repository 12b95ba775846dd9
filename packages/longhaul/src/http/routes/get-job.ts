import { z } from 'zod'
import { answerJson, answerNothing } from '../answer.js'
import { etagOf, isKnown } from '../etag.js'
import { listOf } from '../query-parameters.js'
import { defineRoute } from '../route.js'
import { jobAnswerSchema } from '../schemas.js'

export const getJob = defineRoute({
  method: 'GET',
  path: '/jobs/{jobId}',
  operationId: 'getJob',
  summary: 'One job, and what else is asked for.',
  query: z.strictObject({
    include: listOf(z.enum(['steps', 'attempts', 'cancellations', 'waitingFor'])).optional(),
  }),
  headers: { 'If-None-Match': 'The ETag of an earlier answer: 304 when nothing has changed.' },
  answers: {
    200: { description: 'The job.', schema: jobAnswerSchema },
    304: { description: 'It is as the caller knows it.' },
  },
  errors: ['job_not_found', 'invalid_parameter', 'ambiguous_parameter'],
  async handle({ request, params, query: { include = [] }, principal, services: { jobs } }) {
    const id = params['jobId'] ?? ''
    const { value: job, epoch } = await jobs.get(principal, id)
    // It changes with workers and pauses, and not with the job's version.
    const waitingFor = include.includes('waitingFor')
      ? await jobs.waitingFor(principal, id)
      : undefined
    const etag = etagOf(job, epoch, [...include, String(waitingFor)])
    if (isKnown(request, etag)) return answerNothing(304, { etag })
    const [steps, attempts, cancellations] = await Promise.all([
      include.includes('steps') ? jobs.steps(principal, id) : undefined,
      include.includes('attempts') ? jobs.attempts(principal, id) : undefined,
      include.includes('cancellations') ? jobs.cancellations(principal, id) : undefined,
    ])
    return answerJson({ ...job, epoch, steps, attempts, cancellations, waitingFor }, 200, { etag })
  },
})
