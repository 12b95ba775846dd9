import { z } from 'zod'
import type { Duration } from '../../core/index.js'
import { answerJson } from '../answer.js'
import { readIdempotencyKey } from '../idempotency-key.js'
import { defineRoute } from '../route.js'
import { jobAnswerSchema } from '../schemas.js'

export const createJobSchema = z
  .strictObject({
    type: z.string(),
    input: z.unknown().optional().describe('as the job type defines it; {} when absent'),
    id: z.string().optional().describe('made by the client: a UUID in lower case'),
    priority: z.number().optional(),
    runAt: z.string().optional().describe('RFC 3339 with an offset'),
    delay: z
      .union([z.number(), z.string()])
      .optional()
      .describe("milliseconds, or text such as '30s'"),
    tags: z.array(z.string()).optional(),
    metadata: z.record(z.string(), z.json()).optional(),
  })
  .meta({ id: 'CreateJob' })

export const createJob = defineRoute({
  method: 'POST',
  path: '/jobs',
  operationId: 'createJob',
  summary: 'Enqueue a job. Asking again with the same id or key gives the same job.',
  body: createJobSchema,
  headers: {
    'Idempotency-Key': 'One job is made for each key of an owner. 1 to 255 bytes.',
  },
  answers: {
    201: { description: 'The new job.', schema: jobAnswerSchema },
    200: {
      description: 'The job of the first request. `Idempotency-Replayed: true`.',
      schema: jobAnswerSchema,
    },
  },
  errors: [
    'unknown_job_type',
    'invalid_input',
    'not_json',
    'idempotency_mismatch',
    'id_taken',
    'invalid_header',
  ],
  async handle({ request, body: { type, input, delay, ...options }, principal, services }) {
    const idempotencyKey = readIdempotencyKey(request)
    const { job, epoch, replayed } = await services.jobs.enqueue(type, input ?? {}, {
      ...options,
      principal,
      ...(delay === undefined ? {} : { delay: delay as Duration }),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    })
    return answerJson({ ...job, epoch }, replayed ? 200 : 201, {
      // Relative to the request's own URL, wherever the API is mounted.
      location: `jobs/${job.id}`,
      ...(replayed ? { 'idempotency-replayed': 'true' } : {}),
    })
  },
})
