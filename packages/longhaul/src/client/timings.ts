/** How long the client's connection waits for what, in milliseconds. */
export interface Timings {
  /** Until the answer that is a stream must have begun. */
  readonly headersMs: number
  /** Until something must have come through: the first frame, or the opening of a WebSocket. */
  readonly helloMs: number
  /** Until an answer must have come. */
  readonly answerMs: number
  /** How long a long poll may be held; whole seconds. */
  readonly waitMs: number
  /** Until a better transport that has failed is tried again. */
  readonly climbMs: number
  /** Until a WebSocket is opened beside a stream that works. */
  readonly upgradeAfterMs: number
  /** Until the first attempt after a failure; further ones wait longer and longer. */
  readonly firstRetryMs: number
  readonly longestRetryMs: number
  /** Until it is asked for what became of a new job of which a window has not heard. */
  readonly doubtMs: number
}

export const defaultTimings: Timings = {
  headersMs: 8000,
  helloMs: 4000,
  answerMs: 40_000,
  waitMs: 25_000,
  climbMs: 60_000,
  upgradeAfterMs: 500,
  firstRetryMs: 500,
  longestRetryMs: 30_000,
  doubtMs: 1000,
}
