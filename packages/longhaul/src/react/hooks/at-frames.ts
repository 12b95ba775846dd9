import type { Observable } from '../../client/index.js'

/** A page that is not shown draws no frames, yet has to know before it is shown again. */
const longestMs = 250

/** An observable that tells of its changes when the next frame is drawn, and of many at once. */
export function atFrames<T>(source: Observable<T>): Observable<T> {
  return {
    getSnapshot: source.getSnapshot,
    subscribe(listener) {
      let cancel: (() => void) | undefined
      const unsubscribe = source.subscribe(() => {
        cancel ??= atNextFrame(() => {
          cancel = undefined
          listener()
        })
      })
      return () => {
        unsubscribe()
        cancel?.()
      }
    },
  }
}

function atNextFrame(work: () => void): () => void {
  const frame = globalThis.requestAnimationFrame?.(run)
  const timer = setTimeout(run, frame === undefined ? 16 : longestMs)
  function run(): void {
    cancel()
    work()
  }
  function cancel(): void {
    clearTimeout(timer)
    if (frame !== undefined) cancelAnimationFrame(frame)
  }
  return cancel
}
