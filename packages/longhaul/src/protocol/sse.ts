import type { Frame, FrameName } from './watch.js'

/** A frame whose data is JSON text already: encoded once, however many readers get it. */
export interface EncodedFrame {
  readonly event: FrameName
  readonly json: string
}

export function encodeFrame({ event, data }: Frame): EncodedFrame {
  return { event, json: JSON.stringify(data) }
}

/** One frame as a server-sent event (WHATWG HTML §9.2). JSON holds no line break, so one `data:` line carries it. */
export function formatSse({ event, json }: EncodedFrame): string {
  return `event: ${event}\ndata: ${json}\n\n`
}
