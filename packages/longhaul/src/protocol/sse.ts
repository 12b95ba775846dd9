import type { Frame } from './watch.js'

/** One frame as a server-sent event (WHATWG HTML §9.2). JSON holds no line break, so one `data:` line carries it. */
export function formatSse({ event, data }: Frame): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
