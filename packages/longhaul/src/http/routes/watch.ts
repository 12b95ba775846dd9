import { z } from 'zod'
import type { WatchRequest } from '../../protocol/index.js'
import { answerJson } from '../answer.js'
import { checkWatch } from '../check-watch.js'
import { listOf, wholeNumberFrom } from '../query-parameters.js'
import { defineRoute, type RouteContext } from '../route.js'
import { watchAnswerSchema, watchRequestSchema } from '../schemas.js'
import { streamFrames } from '../stream-frames.js'
import { collectAnswer } from '../watch-answer.js'
import { accepts, maxWaitSeconds, preferredWait } from '../watch-headers.js'

const answers = {
  200: {
    description:
      'With `Accept: text/event-stream` a stream of frames (hello, job, change, gone, window, chunk, end, hb, bye), else what is newer than the known versions.',
    schema: watchAnswerSchema,
  },
}

export const watchByPost = defineRoute({
  method: 'POST',
  path: '/watch',
  operationId: 'watch',
  summary:
    'Follow jobs, their streams and lists of jobs, as a stream, a long poll (Prefer: wait=25) or a poll.',
  body: watchRequestSchema,
  headers: {
    Accept: 'text/event-stream for a stream, application/json for one answer.',
    Prefer: 'wait=SECONDS holds a JSON answer until something changes, at most 30 s.',
  },
  answers,
  errors: ['invalid_input', 'invalid_header', 'too_many_connections'],
  async handle(context) {
    const watch = checkWatch(context.body, context.services)
    return accepts(context.request, 'text/event-stream')
      ? streamFrames(context, watch)
      : answer(context, watch)
  },
})

export const watchByGet = defineRoute({
  method: 'GET',
  path: '/watch',
  operationId: 'watchByGet',
  summary: 'Follow jobs by their ids, for EventSource and curl.',
  query: z.strictObject({
    job: listOf(z.string().max(64)).describe('job ids, separated by commas'),
    wait: wholeNumberFrom(0, maxWaitSeconds).optional(),
  }),
  answers,
  errors: ['invalid_parameter', 'ambiguous_parameter', 'too_many_connections'],
  async handle(context) {
    const { request, query } = context
    const body = { watches: query.job.map((job) => ({ job })) }
    const accept = request.headers.get('accept') ?? ''
    return accept.includes('application/json') && !accepts(request, 'text/event-stream')
      ? answer(context, body, query.wait)
      : streamFrames(context, body)
  },
})

async function answer(context: RouteContext, body: WatchRequest, wait?: number): Promise<Response> {
  const waitSeconds = wait ?? preferredWait(context.request)
  const applied: Record<string, string> =
    waitSeconds > 0 ? { 'preference-applied': `wait=${waitSeconds}` } : {}
  return answerJson(await collectAnswer(context, body, waitSeconds * 1000), 200, applied)
}
