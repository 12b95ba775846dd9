import { drain } from '../drain.mjs'

/** No-op jobs a second from a full queue, by one, two and four worker processes. */
export const works = [1, 2, 4].map((processes) =>
  drain({
    name: `drain, ${processes} ${processes === 1 ? 'process' : 'processes'}`,
    isHeadline: processes === 1,
    kind: 'noop',
    processes,
    count: 60_000,
  }),
)
