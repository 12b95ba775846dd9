import type { Order } from './model.js'

/** What a worker that comes back from the dead tells its handlers: to write what nobody may take. */
export const ghostly = ['haunt', 'breed', 'return'] as const
type Ghostly = (typeof ghostly)[number]

export function isGhostly(order: Order | Ghostly): order is Ghostly {
  return typeof order === 'string'
}

/** Where the handlers of one worker wait to be told what to do. */
export interface Desk {
  /** The next order for the handler of this job. @throws the reason of `signal` */
  next(id: string, signal: AbortSignal): Promise<Order | Ghostly>
  give(id: string, order: Order): void
  /** To all handlers that wait now. */
  giveAll(order: Ghostly): void
}

export function createDesk(): Desk {
  const given = new Map<string, Order>()
  const waiting = new Map<string, (order: Order | Ghostly) => void>()
  return {
    next(id, signal) {
      const order = given.get(id)
      given.delete(id)
      if (order !== undefined) return Promise.resolve(order)
      return new Promise((resolve, reject) => {
        const stop = (): void => {
          waiting.delete(id)
          reject(signal.reason as Error)
        }
        signal.addEventListener('abort', stop, { once: true })
        waiting.set(id, (told) => {
          signal.removeEventListener('abort', stop)
          waiting.delete(id)
          resolve(told)
        })
        if (signal.aborted) stop()
      })
    },
    give(id, order) {
      const listener = waiting.get(id)
      if (listener === undefined) given.set(id, order)
      else listener(order)
    },
    giveAll(order) {
      for (const listener of waiting.values()) listener(order)
    },
  }
}
