/** Web Locks for tests: Node has none. As in the specification, for exclusive locks. */
interface Waiting {
  grant(): void
}

interface Held {
  steal(): void
}

export interface TestLocks extends Pick<LockManager, 'request'> {
  /** How many hold or wait for a lock. */
  count(name: string): number
}

export function testLocks(): TestLocks {
  const held = new Map<string, Held>()
  const queues = new Map<string, Waiting[]>()

  function queueOf(name: string): Waiting[] {
    const queue = queues.get(name) ?? []
    queues.set(name, queue)
    return queue
  }

  function grantNext(name: string): void {
    if (!held.has(name)) queueOf(name).shift()?.grant()
  }

  function request(
    name: string,
    { signal, steal = false }: LockOptions,
    callback: (lock: Lock) => unknown,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const aborted = (): void => reject(new DOMException('aborted', 'AbortError'))
      const waiting: Waiting = {
        grant() {
          signal?.removeEventListener('abort', leave)
          const own: Held = { steal: aborted }
          held.set(name, own)
          void Promise.resolve(callback({ name, mode: 'exclusive' }))
            .then(resolve, reject)
            .finally(() => {
              if (held.get(name) !== own) return
              held.delete(name)
              grantNext(name)
            })
        },
      }
      function leave(): void {
        const queue = queueOf(name)
        queue.splice(queue.indexOf(waiting), 1)
        aborted()
      }
      if (signal?.aborted === true) return aborted()
      signal?.addEventListener('abort', leave)
      if (steal) {
        held.get(name)?.steal()
        held.delete(name)
        queueOf(name).unshift(waiting)
      } else queueOf(name).push(waiting)
      queueMicrotask(() => grantNext(name))
    })
  }

  return {
    request: request as LockManager['request'],
    count: (name) => queueOf(name).length + (held.has(name) ? 1 : 0),
  }
}
