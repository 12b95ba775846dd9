import type { Reader } from '../live/index.js'

/** Resolves when there may be something to take, or after `timeoutMs`, or when one of the signals aborts. */
export function untilNews(
  reader: Reader,
  timeoutMs: number,
  signals: readonly AbortSignal[],
): Promise<void> {
  if (signals.some(({ aborted }) => aborted) || reader.hasNews()) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(settle, timeoutMs)
    for (const signal of signals) signal.addEventListener('abort', settle)
    reader.listen(settle)
    function settle(): void {
      clearTimeout(timer)
      for (const signal of signals) signal.removeEventListener('abort', settle)
      reader.listen(undefined)
      resolve()
    }
  })
}
