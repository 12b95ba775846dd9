import { z } from 'zod'
import { limits } from '../../core/index.js'
import { answerJson } from '../answer.js'
import { listOf } from '../query-parameters.js'
import { defineRoute } from '../route.js'
import { durationsSchema } from '../schemas.js'

export const jobDurations = defineRoute({
  method: 'GET',
  path: '/jobs/durations',
  operationId: 'jobDurations',
  summary: "How long the caller's recent completed jobs took, by type.",
  query: z.strictObject({ type: listOf(z.string().min(1).max(limits.nameBytes)) }),
  answers: {
    200: {
      description: 'One entry for each type of which a job has completed.',
      schema: durationsSchema,
    },
  },
  errors: ['invalid_parameter', 'ambiguous_parameter'],
  async handle({ query: { type }, principal, services }) {
    return answerJson({ durations: await services.jobs.durations(principal, type) })
  },
})
