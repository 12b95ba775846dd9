/** What ends when a signal does, and can be ended by itself. */
export interface Ending {
  readonly controller: AbortController
  /** The signal can live for long: what is over has to leave it. */
  unfollow(): void
}

/** Not AbortSignal.any, which React Native does not have. */
export function followedBy(signal: AbortSignal | undefined): Ending {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  if (signal?.aborted === true) abort()
  signal?.addEventListener('abort', abort)
  return { controller, unfollow: () => signal?.removeEventListener('abort', abort) }
}
