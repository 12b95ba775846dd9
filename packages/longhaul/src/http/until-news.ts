import type { Reader } from '../live/index.js'

/** Resolves when there may be something to take, or after `timeoutMs`, or when the signal aborts. */
export function untilNews(reader: Reader, timeoutMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || reader.hasNews()) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(settle, timeoutMs)
    signal.addEventListener('abort', settle)
    reader.listen(settle)
    function settle(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', settle)
      reader.listen(undefined)
      resolve()
    }
  })
}
