import type { WatchRequest } from '../protocol/index.js'
import { eventBytes } from './frame-bytes.js'
import { type FrameSource, openFrames } from './frame-source.js'
import type { RouteContext } from './route.js'

/**
 * Says that whoever called `fetch` writes the frames of a stream itself: it finds them by `frameSourceOf`. The value are
 * the headers of the request as node:http has them, so that a stream need not keep others.
 */
export const writesFrames = Symbol('longhaul writes frames')

/** What the caller of `fetch` can do beyond the fetch API. */
export interface FetchEnvironment {
  readonly [writesFrames]?: readonly string[]
}

const sources = new WeakMap<Response, FrameSource>()

/** The frames that belong into this answer's body, in place of it. */
export function frameSourceOf(response: Response): FrameSource | undefined {
  return sources.get(response)
}

/** Follow a watch as server-sent events. */
export async function streamFrames(context: RouteContext, watch: WatchRequest): Promise<Response> {
  if (context.request.method === 'HEAD') return new Response(null, { headers: sseHeaders })
  const source = await openFrames(context, watch)
  if (context.rawHeaders === undefined) {
    return new Response(asBody(source, context.request), { headers: sseHeaders })
  }
  const response = new Response(null, { headers: sseHeaders })
  sources.set(response, source)
  return response
}

function asBody(source: FrameSource, request: Request): ReadableStream<Uint8Array> {
  let isOpen = true
  return new ReadableStream({
    start(controller) {
      function end(): void {
        // Also holds on to the request: one that has been collected no longer says when it is aborted.
        request.signal.removeEventListener('abort', leave)
        if (isOpen) controller.close()
        isOpen = false
      }
      function leave(): void {
        source.close()
        end()
      }
      request.signal.addEventListener('abort', leave)
      // It was given up before there was anything to give, and nobody will read or cancel this.
      if (request.signal.aborted) return leave()
      source.flowTo({
        hasRoom: () => isOpen && controller.desiredSize! > 0,
        write(frames) {
          for (const frame of frames) controller.enqueue(eventBytes(frame))
          return frames.length
        },
        end,
      })
    },
    pull: source.resume,
    cancel() {
      isOpen = false
      source.close()
    },
  })
}

const sseHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  // no-transform keeps compressing middleware from holding frames back, the other header nginx.
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  'referrer-policy': 'no-referrer',
}
