/** A value that can be watched: what `useSyncExternalStore` asks for. The value is new whenever it changed. */
export interface Observable<T> {
  subscribe(listener: () => void): () => void
  getSnapshot(): T
}

export interface Source<T> extends Observable<T> {
  set(value: T): void
}

export function createSource<T>(initial: T): Source<T> {
  const listeners = new Set<() => void>()
  let value = initial
  return {
    getSnapshot: () => value,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const listener of listeners) {
        try {
          listener()
        } catch (error) {
          // Unhandled, as the app's own: whoever sets the value has no part in it, and the next listener neither.
          void Promise.reject(error)
        }
      }
    },
  }
}
