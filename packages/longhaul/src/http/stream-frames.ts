import { asProblem, encodeFrame, type EncodedFrame, type WatchRequest } from '../protocol/index.js'
import { eventBytes } from './frame-bytes.js'
import { nextFrames } from './next-frames.js'
import type { RouteContext } from './route.js'
import { signedOut, stillAllowed } from './still-allowed.js'

/** A stream ends after a while, so that tokens are checked again, nodes drain and load moves. */
const lifetimeMs = 15 * 60_000

/**
 * Follow a watch as server-sent events. Frames are made when the reader takes them, so a slow one
 * gets fewer and newer frames, not more memory. Who is asking is asked again
 * every now and then.
 */
export async function streamFrames(context: RouteContext, watch: WatchRequest): Promise<Response> {
  const { request, principal, services, authenticate, revalidateMs } = context
  const { hub } = services
  const subscription = await hub.watch(principal, watch)
  const ending = new AbortController()
  const signal = AbortSignal.any([request.signal, ending.signal])
  const endsAt = performance.now() + lifetimeMs * (0.8 + Math.random() * 0.4)
  let last: EncodedFrame[] = []

  const revalidation = setInterval(() => void revalidate(), revalidateMs)
  async function revalidate(): Promise<void> {
    if (await stillAllowed(authenticate, principal)) return
    last = [encodeFrame({ event: 'error', data: asProblem(signedOut()) })]
    ending.abort()
  }

  function close(): void {
    clearInterval(revalidation)
    subscription.close()
    ending.abort()
  }
  request.signal.addEventListener('abort', close, { once: true })
  const unregister = hub.onClose(() => {
    last = [encodeFrame({ event: 'bye', data: { reason: 'shutdown' } })]
    ending.abort()
  })

  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('retry: 2000\n\n'))
    },
    async pull(controller) {
      const frames = await nextFrames(subscription.reader, hub.heartbeatMs, signal)
      const rotate = performance.now() > endsAt
      if (rotate) last = [encodeFrame({ event: 'bye', data: { reason: 'rotate' } })]
      for (const frame of [...frames, ...last]) controller.enqueue(eventBytes(frame))
      if (!rotate && !signal.aborted) return
      unregister()
      close()
      controller.close()
    },
    cancel() {
      unregister()
      close()
    },
  })
  return new Response(body, { headers: sseHeaders })
}

const sseHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  // no-transform keeps compressing middleware from holding frames back, the other header nginx.
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  'referrer-policy': 'no-referrer',
}
