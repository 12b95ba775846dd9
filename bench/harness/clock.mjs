/** Milliseconds that processes of one machine can compare, finer than `Date.now()`. */
export const wallMs = () => performance.timeOrigin + performance.now()

export const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Between events that are to meet an idle system: some 40 ms, never the same. */
export const pause = () => rest(20 + 40 * Math.random())
