import { z } from 'zod'
import type { Duration, ErrorCode } from '../../core/index.js'
import type { EnqueueItem } from '../../engine/index.js'
import { answerJson } from '../answer.js'
import { readIdempotencyKey } from '../idempotency-key.js'
import { defineRoute } from '../route.js'
import { jobAnswerSchema } from '../schemas.js'

export const secretsSchema = z
  .record(z.string(), z.string())
  .describe('by name, for the handler alone: sealed, shown nowhere, gone when the job has settled')

export const enqueueErrors: readonly ErrorCode[] = [
  'unknown_job_type',
  'invalid_input',
  'not_json',
  'idempotency_mismatch',
  'id_taken',
  'secrets_unavailable',
  'lock_timeout',
]

/** In one request. */
const mostItems = 1000

const duration = z.union([z.number(), z.string()])

export const createJobSchema = z
  .strictObject({
    type: z.string(),
    input: z.unknown().optional().describe('as the job type defines it; {} when absent'),
    id: z.string().optional().describe('made by the client: a UUID in lower case'),
    priority: z.number().optional(),
    runAt: z.string().optional().describe('RFC 3339 with an offset'),
    delay: duration.optional().describe("milliseconds, or text such as '30s'"),
    singleton: z
      .union([z.literal(true), z.string()])
      .optional()
      .describe('while such a job has not settled, it is the answer'),
    debounce: duration
      .optional()
      .describe('wait for this long without another such request, then run with the last input'),
    deadline: duration.optional().describe('how long the whole job may take once it is due'),
    startWithin: duration.optional().describe('how long after it is due it may start'),
    tags: z.array(z.string()).optional(),
    metadata: z.record(z.string(), z.json()).optional(),
    secrets: secretsSchema.optional(),
  })
  .meta({ id: 'CreateJob' })

/** Of a batch: whose it is and which it is, the batch says. */
const batchItemSchema = createJobSchema
  .omit({ id: true, singleton: true, debounce: true })
  .meta({ id: 'BatchItem' })

const createJobOrBatchSchema = createJobSchema
  .extend({
    items: z
      .array(batchItemSchema)
      .max(mostItems)
      .optional()
      .describe('jobs for which this one waits: with them it is a batch'),
  })
  .meta({ id: 'CreateJobOrBatch' })

/** Whether a text is a duration the engine says. */
export function asItem({
  input = {},
  delay,
  debounce,
  deadline,
  startWithin,
  ...item
}: z.infer<typeof createJobSchema>): EnqueueItem {
  return {
    ...item,
    input,
    ...(delay === undefined ? {} : { delay: delay as Duration }),
    ...(debounce === undefined ? {} : { debounce: debounce as Duration }),
    ...(deadline === undefined ? {} : { deadline: deadline as Duration }),
    ...(startWithin === undefined ? {} : { startWithin: startWithin as Duration }),
  }
}

export const createJob = defineRoute({
  method: 'POST',
  path: '/jobs',
  operationId: 'createJob',
  summary:
    'Enqueue a job, or a batch: a job with `items`, for which it waits. Asking again with the same id or key gives the same job.',
  body: createJobOrBatchSchema,
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
  errors: [...enqueueErrors, 'invalid_header'],
  async handle({ request, body, principal, services }) {
    const idempotencyKey = readIdempotencyKey(request)
    const { items, ...single } = body
    const { type, input, ...options } = asItem(single)
    const { job, epoch, replayed } = await services.jobs.enqueue(type, input, {
      ...options,
      ...(items === undefined ? {} : { items: items.map(asItem) }),
      principal,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    })
    return answerJson({ ...job, epoch }, replayed ? 200 : 201, {
      // Relative to the request's own URL, wherever the API is mounted.
      location: `jobs/${job.id}`,
      ...(replayed ? { 'idempotency-replayed': 'true' } : {}),
    })
  },
})
