import { z } from 'zod'
import { answerJson } from '../answer.js'
import { defineRoute } from '../route.js'
import { jobSchema } from '../schemas.js'
import { asItem, createJobSchema, enqueueErrors } from './create-job.js'

const most = 1000

export const createJobs = defineRoute({
  method: 'POST',
  path: '/jobs/batch',
  operationId: 'createJobs',
  summary:
    'Enqueue many jobs: all of them or, when one is refused, none. Jobs with an `id` can be asked for again.',
  body: z
    .strictObject({ jobs: z.array(createJobSchema).min(1).max(most) })
    .meta({ id: 'CreateJobs' }),
  answers: {
    201: {
      description: 'The jobs, in the order of the request.',
      schema: z.strictObject({ jobs: z.array(jobSchema), epoch: z.string() }),
    },
  },
  errors: enqueueErrors,
  async handle({ body, principal, services }) {
    const items = body.jobs.map(asItem)
    const enqueued = await services.jobs.enqueueMany(items, { principal })
    const epoch = enqueued[0]!.epoch
    return answerJson({ jobs: enqueued.map(({ job }) => job), epoch }, 201)
  },
})
