import { asProblem, encodeFrame, type EncodedFrame, type WatchRequest } from '../protocol/index.js'
import { everySoOften } from './every-so-often.js'
import { type FrameSink, heartbeat, pump } from './pump.js'
import { askAgain, rememberRequest } from './remembered-request.js'
import type { RouteContext } from './route.js'
import { signedOut, stillAllowed } from './still-allowed.js'

/** Where the frames of a stream go, which has an end. */
export interface FrameOutlet extends FrameSink {
  end(): void
}

/** The frames of one stream, for whoever puts them on the wire. */
export interface FrameSource {
  /** From now on they go there, until the source ends it or is closed. */
  flowTo(outlet: FrameOutlet): void
  /** The outlet has room again. */
  resume(): void
  /** The reader is gone. */
  close(): void
}

/** A stream ends after a while, so that tokens are checked again, nodes drain and load moves. */
const lifetimeMs = 15 * 60_000

/** Follow a watch. Who is asking is asked again every now and then. */
export async function openFrames(context: RouteContext, watch: WatchRequest): Promise<FrameSource> {
  const { principal, services, authenticate, revalidateMs } = context
  const { hub } = services
  const asked = rememberRequest(context.request, context.rawHeaders)
  const leave = hub.connections.open(principal)
  const { reader, close: unwatch } = await hub.watch(principal, watch).catch((error: unknown) => {
    leave()
    throw error
  })
  const endsAt = performance.now() + lifetimeMs * (0.8 + Math.random() * 0.4)
  let to: FrameOutlet | undefined
  let flush = nothing
  let isClosed = false
  let goodbye: EncodedFrame | undefined

  const stopTurns = everySoOften([
    [hub.heartbeatMs, beat],
    [revalidateMs, () => void revalidate()],
  ])
  // Called at once when the hub has closed since the place was taken.
  let unregister = nothing
  unregister = hub.onClose(() =>
    end(encodeFrame({ event: 'bye', data: { reason: 'shutdown', ...hub.connections.advice() } })),
  )

  function beat(): void {
    if (performance.now() > endsAt)
      return end(encodeFrame({ event: 'bye', data: { reason: 'rotate' } }))
    if (to?.hasRoom() === true) to.write([heartbeat])
  }

  async function revalidate(): Promise<void> {
    if (await stillAllowed(() => authenticate(askAgain(asked)), principal)) return
    end(encodeFrame({ event: 'error', data: asProblem(signedOut()) }))
  }

  function end(frame: EncodedFrame): void {
    if (isClosed) return
    goodbye = frame
    flush()
    close()
    if (to !== undefined) sayGoodbye(to, frame)
  }

  function close(): void {
    if (isClosed) return
    isClosed = true
    flush = nothing
    stopTurns()
    unregister()
    unwatch()
    leave()
  }

  return {
    flowTo(outlet) {
      if (goodbye !== undefined) return sayGoodbye(outlet, goodbye)
      to = outlet
      flush = pump(reader, outlet)
      flush()
    },
    resume: () => flush(),
    close,
  }
}

function nothing(): void {}

function sayGoodbye(outlet: FrameOutlet, frame: EncodedFrame): void {
  outlet.write([frame])
  outlet.end()
}
