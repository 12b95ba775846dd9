import type { Reader } from '../live/index.js'
import { encodeFrame, type EncodedFrame } from '../protocol/index.js'

/** Where frames go. */
export interface FrameSink {
  /** Whether it takes more now. When it does not, its owner pumps again once it does. */
  hasRoom(): boolean
  /** @returns how many of them it took: as many as there was room for, and one at least */
  write(frames: readonly EncodedFrame[]): number
}

/** Says that the connection is there, also to what stands in between. */
export const heartbeat = encodeFrame({ event: 'hb', data: {} })

const none: readonly EncodedFrame[] = []

/**
 * Carry what is new to a reader to a sink as it comes. Frames are made when there is room for them, so a slow reader
 * gets fewer and newer ones, not more memory.
 *
 * @returns a function that goes on after there was no room
 */
export function pump(reader: Reader, sink: FrameSink): () => void {
  let pending = none
  let isFlushing = false

  function flush(): void {
    // A sink may ask for more while it takes what it is given.
    if (isFlushing) return
    isFlushing = true
    carry()
    isFlushing = false
  }

  function carry(): void {
    while (sink.hasRoom()) {
      if (pending.length === 0) pending = reader.take()
      if (pending.length === 0) return
      const taken = sink.write(pending)
      pending = taken < pending.length ? pending.slice(taken) : none
    }
  }

  reader.listen(flush)
  return flush
}
