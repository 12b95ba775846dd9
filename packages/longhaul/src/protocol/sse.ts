import type { Frame, FrameName } from './watch.js'

/** A frame whose data is JSON text already: encoded once, however many readers get it. */
export interface EncodedFrame {
  readonly event: FrameName
  readonly json: string
  /** Where an EventSource continues. */
  readonly id?: string
}

export function encodeFrame({ event, data }: Frame): EncodedFrame {
  return { event, json: JSON.stringify(data) }
}

/** After how many milliseconds an EventSource comes back. */
const retryMs = 2000

/** One frame as a server-sent event (WHATWG HTML §9.2). JSON holds no line break, so one `data:` line carries it. */
export function formatSse({ event, json, id }: EncodedFrame): string {
  const retry = event === 'hello' ? `retry: ${retryMs}\n` : ''
  return `${retry}${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${json}\n\n`
}
