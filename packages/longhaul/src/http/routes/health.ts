import { z } from 'zod'
import { answerJson } from '../answer.js'
import { defineRoute } from '../route.js'

const healthSchema = z
  .strictObject({
    status: z.enum(['ok', 'unavailable']),
    database: z.enum(['ok', 'unavailable']),
    hints: z
      .string()
      .describe(
        'listening; while changes are found by looking: connecting, or pooled behind a pooler through which no hints pass',
      ),
    running: z.int().optional().describe('how many jobs this process runs, if it is a worker'),
    watched: z.int().describe('how many things are watched here'),
    paused: z
      .int()
      .optional()
      .describe("how many queues, and tenants' parts of queues, are paused"),
    unhandled: z
      .int()
      .optional()
      .describe('how many ready jobs no worker will take: none has their type and version'),
  })
  .meta({ id: 'Health' })

export const health = defineRoute({
  method: 'GET',
  path: '/health',
  operationId: 'getHealth',
  summary: 'Whether this process can do its work. For load balancers.',
  access: 'public',
  answers: {
    200: { description: 'It can.', schema: healthSchema },
    503: { description: 'The database does not answer.', schema: healthSchema },
  },
  errors: [],
  async handle({ services }) {
    const now = await services.health()
    return answerJson(now, now.status === 'ok' ? 200 : 503, { 'cache-control': 'no-store' })
  },
})
