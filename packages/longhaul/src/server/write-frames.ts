import type { FrameSource } from '../http/index.js'

/** What is used of an answer of node:http and of HTTP/2. */
export interface Outgoing {
  readonly destroyed: boolean
  write(chunk: Uint8Array): boolean
  end(): void
  cork(): void
  uncork(): void
  once(event: 'drain' | 'close', listener: () => void): unknown
  off(event: 'drain' | 'close', listener: () => void): unknown
}

/** Write what a reader is sent until it or its source ends. A reader that takes nothing is given nothing more. */
export async function writeFrames(outgoing: Outgoing, source: FrameSource): Promise<void> {
  outgoing.once('close', source.close)
  if (outgoing.destroyed) source.close()
  for (;;) {
    const { chunks, last } = await source.next()
    if (outgoing.destroyed) return
    outgoing.cork()
    let hasRoom = true
    for (const chunk of chunks) hasRoom = outgoing.write(chunk)
    outgoing.uncork()
    if (last) return outgoing.end()
    if (!hasRoom) await untilDrained(outgoing)
  }
}

function untilDrained(outgoing: Outgoing): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      outgoing.off('drain', settle)
      outgoing.off('close', settle)
      resolve()
    }
    outgoing.once('drain', settle)
    outgoing.once('close', settle)
  })
}
