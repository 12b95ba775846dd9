/** Milliseconds that processes of one machine can compare, finer than `Date.now()`. */
export const wallMs = () => performance.timeOrigin + performance.now()

export const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
