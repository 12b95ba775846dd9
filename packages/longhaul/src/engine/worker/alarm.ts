/**
 * Something that waits to be told, and looks by itself after a while in any case. What is told
 * while nobody waits is kept, so that nothing slips through between a look and the next wait.
 */
export interface Alarm {
  ring(): void
  /** Resolves when rung since the last wait (true), or after `timeoutMs` (false). */
  wait(timeoutMs: number): Promise<boolean>
}

export function createAlarm(): Alarm {
  let rung = false
  let wake: (() => void) | undefined
  return {
    ring() {
      rung = true
      wake?.()
    },
    async wait(timeoutMs) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      const wasRung = rung
      wake = undefined
      rung = false
      return wasRung
    },
  }
}

/** `ms`, give or take a quarter, so that processes that started together do not look together. */
export function jittered(ms: number): number {
  return ms * (0.75 + Math.random() * 0.5)
}
