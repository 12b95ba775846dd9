/** What a client will look at again. Nothing of it once the client is closed: who asks is somebody else by then. */
export interface Later {
  after(ms: number, work: () => void): void
  isClosed(): boolean
  close(): void
}

export function createLater(): Later {
  const timers = new Set<ReturnType<typeof setTimeout>>()
  let closed = false
  return {
    after(ms, work) {
      if (closed) return
      const timer = setTimeout(() => {
        timers.delete(timer)
        work()
      }, ms)
      timers.add(timer)
    },
    isClosed: () => closed,
    close() {
      closed = true
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
