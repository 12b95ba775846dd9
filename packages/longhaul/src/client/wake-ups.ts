/** Moments at which a connection may have died unnoticed, or can be had again. */
export interface WakeUps {
  isOnline(): boolean
  /** @returns a function that ends it */
  subscribe(listener: () => void): () => void
}

/** Those of browsers; elsewhere nothing happens and the platform counts as online. */
export function platformWakeUps(): WakeUps {
  const target = globalThis as Partial<Pick<Window, 'addEventListener' | 'removeEventListener'>> & {
    document?: Document
    navigator?: { onLine?: boolean }
  }
  return {
    isOnline: () => target.navigator?.onLine !== false,
    subscribe(listener) {
      const visible = (): void => {
        if (target.document?.visibilityState !== 'hidden') listener()
      }
      for (const name of ['online', 'offline', 'pageshow'])
        target.addEventListener?.(name, listener)
      target.document?.addEventListener('visibilitychange', visible)
      return () => {
        for (const name of ['online', 'offline', 'pageshow'])
          target.removeEventListener?.(name, listener)
        target.document?.removeEventListener('visibilitychange', visible)
      }
    },
  }
}
