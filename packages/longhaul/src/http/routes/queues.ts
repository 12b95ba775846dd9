import { z } from 'zod'
import { answerJson } from '../answer.js'
import { type AnyRoute, defineRoute, type RouteContext } from '../route.js'

const scope = z.enum(['tenant', 'queue'])

const pausesSchema = z
  .strictObject({
    paused: z.array(
      z.strictObject({
        queue: z.string(),
        scope: scope.describe("tenant: the caller's tenant's jobs; queue: everybody's"),
        pausedAt: z.iso.datetime(),
        pausedBy: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'PausedQueues' })

const unhandledSchema = z
  .strictObject({
    unhandled: z.array(
      z.strictObject({
        type: z.string(),
        version: z.int(),
        jobs: z.int().describe('of the first thousand of each queue'),
      }),
    ),
  })
  .meta({ id: 'UnhandledJobs' })

const body = z
  .strictObject({
    scope: scope.optional().describe('tenant when absent; queue is for the role operator'),
  })
  .optional()
  .meta({ id: 'QueuePart' })

const answers = {
  200: { description: "What is paused now for the caller's tenant.", schema: pausesSchema },
}

export const pausedQueues = defineRoute({
  method: 'GET',
  path: '/queues/paused',
  operationId: 'listPausedQueues',
  summary: "The queues that start no jobs of the caller's tenant.",
  answers,
  errors: [],
  handle: listPaused,
})

export const unhandledJobs = defineRoute({
  method: 'GET',
  path: '/queues/unhandled',
  operationId: 'listUnhandledJobs',
  summary: "Jobs of the caller's tenant that no worker will take, by type and version.",
  answers: {
    200: { description: 'They are ready, and wait for a worker.', schema: unhandledSchema },
  },
  errors: [],
  async handle({ principal, services }) {
    return answerJson({ unhandled: await services.queues.unhandled(principal) })
  },
})

export const pauseAndResume: readonly AnyRoute[] = (['pause', 'resume'] as const).map((action) =>
  defineRoute({
    method: 'POST',
    path: `/queues/{queue}/${action}`,
    operationId: `${action}Queue`,
    summary: {
      pause: 'Start no more jobs of a queue until it is resumed. For admins of the tenant.',
      resume: 'Start the jobs of a queue again. For admins of the tenant.',
    }[action],
    body,
    answers,
    errors: ['forbidden', 'invalid_parameter'],
    async handle(context) {
      const { params, principal, services } = context
      const part = { queue: params['queue'] ?? '', scope: context.body?.scope }
      await services.queues[action](principal, part)
      return listPaused(context)
    },
  }),
)

async function listPaused({
  principal,
  services,
}: Pick<RouteContext, 'principal' | 'services'>): Promise<Response> {
  return answerJson({ paused: await services.queues.paused(principal) })
}
