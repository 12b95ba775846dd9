import { onTestFinished } from 'vitest'

/** Asks for a job. @returns its id, or nothing when it is not known whether it was done */
export type Ask = (type: string, input: object) => Promise<string | undefined>

export interface Load {
  /** Their ids. Whether one that was refused is there nobody has promised. */
  readonly acknowledged: ReadonlySet<string>
  /** From now on, of this one. */
  askOf(ask: Ask): void
  /** Resolves when so many more were acknowledged, of those that are asked for from now on. */
  acknowledges(count: number): Promise<void>
  stop(): Promise<void>
}

/** Four who ask for one job of three steps after the other, whatever becomes of the one before. */
export function startLoad(first: Ask): Load {
  const acknowledged = new Set<string>()
  const listeners = new Set<(askedAt: number) => void>()
  let ask = first
  let stopped = false
  async function askOn(): Promise<void> {
    while (!stopped) {
      const askedAt = performance.now()
      const id = await ask('stepped', { steps: 3 }).catch(() => undefined)
      if (id !== undefined) {
        acknowledged.add(id)
        for (const listener of listeners) listener(askedAt)
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const askers = Promise.all([1, 2, 3, 4].map(askOn))
  onTestFinished(() => void (stopped = true))

  return {
    acknowledged,
    askOf: (next) => void (ask = next),
    async acknowledges(count) {
      const from = performance.now()
      let left = count
      await new Promise<void>((resolve) => {
        const listener = (askedAt: number): void => {
          if (askedAt >= from) left -= 1
          if (left > 0) return
          listeners.delete(listener)
          resolve()
        }
        listeners.add(listener)
      })
    },
    async stop() {
      stopped = true
      await askers
    },
  }
}
