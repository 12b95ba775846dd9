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
  headers: {
    'If-None-Match':
      'The ETag of an earlier answer: 304 when nothing has changed. That is known without reading the job: it may be as late as a hint is.',
  },
  answers: {
    200: { description: 'The job.', schema: jobAnswerSchema },
    304: { description: 'It is as the caller knows it.' },
  },
  errors: ['job_not_found', 'invalid_parameter', 'ambiguous_parameter'],
  async handle({ request, params, query: { include = [] }, principal, services }) {
    const { jobs, hub } = services
    const id = params['jobId'] ?? ''
    // It changes with workers and pauses, and not with the job's version.
    const saysWhy = include.includes('waitingFor')
    const isPolled = !saysWhy && request.headers.has('if-none-match')
    const version = isPolled ? hub.polled.versionOf(principal, id) : undefined
    if (version !== undefined) {
      const etag = etagOf(version, version.epoch, include)
      if (isKnown(request, etag)) return answerNothing(304, { etag })
    }
    const { value: job, epoch } = await (isPolled ? hub.polled : jobs).get(principal, id)
    const waitingFor = saysWhy ? await jobs.waitingFor(principal, id) : undefined
    const etag = etagOf(job, epoch, saysWhy ? [...include, String(waitingFor)] : include)
    if (isKnown(request, etag)) return answerNothing(304, { etag })
    const [steps, attempts, cancellations] = await Promise.all([
      include.includes('steps') ? jobs.steps(principal, id) : undefined,
      include.includes('attempts') ? jobs.attempts(principal, id) : undefined,
      include.includes('cancellations') ? jobs.cancellations(principal, id) : undefined,
    ])
    return answerJson({ ...job, epoch, steps, attempts, cancellations, waitingFor }, 200, { etag })
  },
})
