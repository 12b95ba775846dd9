/**
 * What crosses a WebSocket. The server sends the frames of a stream, each as `{event, data}`; what
 * the client sends is here. The first watch is answered with `hello`, and so is every change of it:
 * frames before the `hello` that has the number of the latest watch belong to the one before.
 */
import type { WatchRequest } from './watch.js'

export type ClientMessage =
  | (WatchRequest & {
      readonly type: 'watch'
      /** Counted by the client; comes back with `hello`. */
      readonly number: number
    })
  /** Who is still asking: the answer to the frame `auth`, or before a token ends. One of the two. */
  | {
      readonly type: 'auth'
      readonly token?: string | undefined
      readonly ticket?: string | undefined
    }

/** The server closes a WebSocket because it shuts down or the connection had its time: come back at once. */
export const rotateCode = 4000

/** What else it closes one for. Below 4000: as RFC 6455 says. */
export const closeCodes = {
  badMessage: 4400,
  unauthenticated: 4401,
  stalled: 4408,
  tooMany: 4429,
} as const
