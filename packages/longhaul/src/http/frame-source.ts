import { asProblem, encodeFrame, type EncodedFrame, type WatchRequest } from '../protocol/index.js'
import { eventBytes } from './frame-bytes.js'
import { nextFrames } from './next-frames.js'
import type { RouteContext } from './route.js'
import { signedOut, stillAllowed } from './still-allowed.js'

/** The server-sent events of one reader, for whoever puts them on the wire. */
export interface FrameSource {
  /**
   * The next bytes, as soon as there are some. They are made when they are asked for, so a slow reader
   * gets fewer and newer frames, not more memory. `last`: nothing follows.
   */
  next(): Promise<{ readonly chunks: readonly Uint8Array[]; readonly last: boolean }>
  /** The reader is gone. */
  close(): void
}

/** A stream ends after a while, so that tokens are checked again, nodes drain and load moves. */
const lifetimeMs = 15 * 60_000
const opening = new TextEncoder().encode('retry: 2000\n\n')

/** Follow a watch. Who is asking is asked again every now and then. */
export async function openFrames(context: RouteContext, watch: WatchRequest): Promise<FrameSource> {
  const { principal, services, authenticate, revalidateMs } = context
  const { hub } = services
  const leave = hub.connections.open(principal)
  const { reader, close: unsubscribe } = await hub
    .watch(principal, watch)
    .catch((error: unknown) => {
      leave()
      throw error
    })
  const ending = new AbortController()
  const endsAt = performance.now() + lifetimeMs * (0.8 + Math.random() * 0.4)
  let before: readonly Uint8Array[] = [opening]
  let goodbye: EncodedFrame | undefined

  const revalidation = setInterval(() => void revalidate(), revalidateMs)
  const unregister = hub.onClose(() =>
    end(encodeFrame({ event: 'bye', data: { reason: 'shutdown', ...hub.connections.advice() } })),
  )

  async function revalidate(): Promise<void> {
    if (await stillAllowed(authenticate, principal)) return
    end(encodeFrame({ event: 'error', data: asProblem(signedOut()) }))
  }

  function end(frame: EncodedFrame): void {
    goodbye = frame
    ending.abort()
  }

  function close(): void {
    clearInterval(revalidation)
    unregister()
    unsubscribe()
    leave()
    ending.abort()
  }

  return {
    async next() {
      const frames = await nextFrames(reader, hub.heartbeatMs, ending.signal)
      if (performance.now() > endsAt) end(encodeFrame({ event: 'bye', data: { reason: 'rotate' } }))
      const last = ending.signal.aborted
      const chunks = [...before, ...frames.map(eventBytes)]
      before = []
      if (last) close()
      return { chunks: goodbye === undefined ? chunks : [...chunks, eventBytes(goodbye)], last }
    },
    close,
  }
}
