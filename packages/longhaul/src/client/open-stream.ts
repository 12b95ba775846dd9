import { createParser } from 'eventsource-parser'
import { LonghaulError } from '../core/index.js'
import type { Frame, WatchRequest } from '../protocol/index.js'
import { type Ending, followedBy } from './ending.js'
import type { Http } from './http.js'

export interface StreamOptions {
  readonly http: Http
  readonly watch: WatchRequest
  readonly signal: AbortSignal
  /** A request that is not answered for this long passes something, or is of a platform, that waits for the answer's end. */
  readonly headersMs: number
  /** A stream that says nothing for this long after its headers is held back by something in between. */
  readonly helloMs: number
  readonly onFrame: (frame: Frame) => void
}

/** What stands between us and the server holds frames back, or the platform cannot stream. */
export class StreamUnusable extends Error {}

/** Heartbeats come every `heartbeatMs`; this many of them missing means that the connection is dead. */
const missedHeartbeats = 2.5

/**
 * Follow a watch as server-sent events over fetch. Resolves when the server ends the stream.
 *
 * @throws {StreamUnusable} when streaming does not work here at all; then poll
 * @throws {LonghaulError} what the server refused with, or `database_unavailable` when the connection died
 */
export async function openStream(options: StreamOptions): Promise<void> {
  const ending = followedBy(options.signal)
  try {
    await readFrames(await answerTo(options, ending), options, ending)
  } finally {
    ending.unfollow()
  }
}

async function readFrames(
  response: Response,
  { signal, helloMs, onFrame }: StreamOptions,
  { controller }: Ending,
): Promise<void> {
  const abort = (): void => controller.abort()
  const reader = response.body?.getReader()
  if (reader === undefined) throw new StreamUnusable('This platform cannot read a stream.')

  let greeted = false
  let timeoutMs = helloMs
  let timer = setTimeout(abort, timeoutMs)
  const parser = createParser({
    onEvent({ event, data }) {
      const frame = { event, data: JSON.parse(data) } as Frame
      if (frame.event === 'hello') {
        greeted = true
        timeoutMs = frame.data.heartbeatMs * missedHeartbeats
      }
      onFrame(frame)
    },
  })
  const decoder = new TextDecoder()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      // What ends without a hello is no stream: asking again at once would go on for ever.
      if (done && greeted) return
      if (done) throw new StreamUnusable('No stream began.')
      clearTimeout(timer)
      parser.feed(decoder.decode(value, { stream: true }))
      // Only now is it known how long the server may be silent.
      timer = setTimeout(abort, timeoutMs)
    }
  } catch (error) {
    if (signal.aborted) throw error
    if (!greeted) throw new StreamUnusable('Nothing came through the stream.')
    throw new LonghaulError('database_unavailable', 'The live connection was lost.', {
      cause: error,
    })
  } finally {
    clearTimeout(timer)
    // Whatever ended it, the connection is given back: a browser has only six of them.
    await reader.cancel().catch(() => undefined)
  }
}

async function answerTo(
  { http, watch, signal, headersMs }: StreamOptions,
  { controller }: Ending,
): Promise<Response> {
  const timer = setTimeout(() => controller.abort(), headersMs)
  try {
    return await http.send({
      method: 'POST',
      path: '/watch',
      body: watch,
      headers: { accept: 'text/event-stream' },
      signal: controller.signal,
    })
  } catch (error) {
    const isLate = controller.signal.aborted && !signal.aborted
    throw isLate ? new StreamUnusable('No stream began.', { cause: error }) : error
  } finally {
    clearTimeout(timer)
  }
}
