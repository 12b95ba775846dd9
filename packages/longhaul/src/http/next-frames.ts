import type { Reader } from '../live/index.js'
import { encodeFrame, type EncodedFrame } from '../protocol/index.js'

const heartbeat = encodeFrame({ event: 'hb', data: {} })

/** What is new to a reader, as soon as something is; a heartbeat when nothing was for that long; nothing once the signal aborts. */
export async function nextFrames(
  reader: Reader,
  heartbeatMs: number,
  signal: AbortSignal,
): Promise<readonly EncodedFrame[]> {
  const beatAt = performance.now() + heartbeatMs
  for (;;) {
    await reader.wait(Math.max(0, beatAt - performance.now()), signal)
    if (signal.aborted) return []
    // What woke it may come to nothing: a chunk that is on a page which is still being read.
    const frames = reader.take()
    if (frames.length > 0) return frames
    if (performance.now() >= beatAt) return [heartbeat]
  }
}
