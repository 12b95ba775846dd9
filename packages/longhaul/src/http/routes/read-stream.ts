import { z } from 'zod'
import { defaultStream, type Job, LonghaulError, namePattern } from '../../core/index.js'
import { formatPlace, parsePlace } from '../../protocol/index.js'
import { answerJson } from '../answer.js'
import { wholeNumberFrom } from '../query-parameters.js'
import { defineRoute } from '../route.js'
import { streamAnswerSchema } from '../schemas.js'
import { streamFrames } from '../stream-frames.js'
import { collectAnswer } from '../watch-answer.js'
import { accepts, maxWaitSeconds, preferredWait } from '../watch-headers.js'

/**
 * The partial output of one job. With `Accept: text/event-stream` it goes on until the reader leaves,
 * and an EventSource that comes back continues where it was.
 */
export const readStream = defineRoute({
  method: 'GET',
  path: '/jobs/{jobId}/streams/{stream}',
  operationId: 'readStream',
  summary: 'What a job has written to a stream after a chunk: one page, a long poll, or a stream.',
  query: z.strictObject({
    from: z
      .string()
      .max(64)
      .refine((text) => parsePlace(text) !== undefined, 'must be the number of a chunk')
      .optional()
      .describe('the last chunk that the caller has: its seq, or seq@createdAt'),
    wait: wholeNumberFrom(0, maxWaitSeconds).optional(),
  }),
  headers: {
    Accept: 'text/event-stream for a stream, application/json for one page.',
    Prefer: 'wait=SECONDS holds a JSON answer until something is written, at most 30 s.',
    'Last-Event-ID': 'As `from`; what an EventSource sends when it comes back.',
  },
  answers: {
    200: {
      description: 'What follows. `end` is there once the job has settled and all of it was read.',
      schema: streamAnswerSchema,
    },
  },
  errors: [
    'job_not_found',
    'invalid_parameter',
    'ambiguous_parameter',
    'invalid_header',
    'too_many_connections',
  ],
  async handle(context) {
    const { request, params, query, principal, services } = context
    const { value: job } = await services.jobs.get(principal, params['jobId'] ?? '')
    const stream = params['stream'] ?? defaultStream
    const from = placeIn(job, lastEventId(request) ?? query.from)
    const watch = { watches: [{ job: job.id, stream, from }] }
    if (!namePattern.test(stream)) throw noSuchStream(stream)
    if (accepts(request, 'text/event-stream')) return streamFrames(context, watch)
    const waitMs = (query.wait ?? preferredWait(request)) * 1000
    const { chunks, ends, epoch } = await collectAnswer(context, watch, waitMs)
    return answerJson({ job: job.id, stream, chunks, end: ends[0] ?? null, epoch })
  },
})

/** Who begins is not told that there is nothing yet, but waits for the first chunk. */
function placeIn({ createdAt }: Job, asked = '0'): string {
  return asked === '0' ? formatPlace({ seq: 0, createdAt }) : asked
}

function lastEventId(request: Request): string | undefined {
  const id = request.headers.get('last-event-id')
  if (id === null) return undefined
  if (parsePlace(id) !== undefined) return id
  throw new LonghaulError(
    'invalid_header',
    'The Last-Event-ID is none that this stream gave, so nothing was read. Begin again without it.',
  )
}

function noSuchStream(stream: string): LonghaulError {
  return new LonghaulError(
    'invalid_parameter',
    `No stream can be called ${JSON.stringify(stream.slice(0, 64))}. Names are 1 to 64 of a-z, 0-9, ".", "_" and "-".`,
  )
}
