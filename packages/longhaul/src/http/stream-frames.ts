import { LonghaulError, type Principal } from '../core/index.js'
import {
  encodeFrame,
  type EncodedFrame,
  formatSse,
  asProblem,
  type WatchRequest,
} from '../protocol/index.js'
import type { RouteContext } from './route.js'

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

  async function nextFrames(): Promise<EncodedFrame[]> {
    await subscription.reader.wait(hub.heartbeatMs, signal)
    if (signal.aborted) return []
    const frames = subscription.reader.take()
    return frames.length > 0 ? frames : [encodeFrame({ event: 'hb', data: {} })]
  }

  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode('retry: 2000\n\n'))
    },
    async pull(controller) {
      const frames = await nextFrames()
      const rotate = performance.now() > endsAt
      if (rotate) last = [encodeFrame({ event: 'bye', data: { reason: 'rotate' } })]
      const text = [...frames, ...last].map(formatSse).join('')
      if (text !== '') controller.enqueue(encoder.encode(text))
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

async function stillAllowed(
  authenticate: RouteContext['authenticate'],
  before: Principal,
): Promise<boolean> {
  try {
    const now = await authenticate()
    return (
      now !== undefined &&
      now.tenantId === before.tenantId &&
      now.userId === before.userId &&
      sameRoles(now, before)
    )
  } catch {
    return true // the sign-in service is away: nothing says that the caller is not allowed any more
  }
}

function sameRoles(a: Principal, b: Principal): boolean {
  return [...a.roles].sort().join() === [...b.roles].sort().join()
}

function signedOut(): LonghaulError {
  return new LonghaulError(
    'unauthenticated',
    'The session has ended or its rights have changed. Sign in and watch again.',
  )
}
