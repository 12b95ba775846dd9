/**
 * The tabs of one browser that show the same app. What all of them hear and one should do (show a
 * toast, say a milestone aloud) is claimed first. Tabs that hear of it at the same moment are kept
 * apart by a Web Lock, those that hear later by what the first one broadcast. A hidden tab waits
 * until somebody looks at it. Where a browser has neither, each tab acts for itself.
 */
export interface TabGroup {
  /** Listen to the other tabs. @returns a function that ends it */
  join(): () => void
  /**
   * True for the one tab that shall do what `key` stands for. Resolves when this tab is looked at, and
   * never if the signal has aborted before.
   */
  claim(key: string, signal?: AbortSignal): Promise<boolean>
}

/** A claim's lock is held until every other tab has certainly heard the broadcast. */
const heldMs = 5000
const remembered = 500

export function createTabGroup(name: string): TabGroup {
  const claimed = new Set<string>()
  let channel: BroadcastChannel | undefined
  let members = 0

  function remember(key: string): void {
    claimed.add(key)
    const [oldest] = claimed
    if (claimed.size > remembered && oldest !== undefined) claimed.delete(oldest)
  }

  return {
    join() {
      members += 1
      if (typeof BroadcastChannel !== 'undefined' && channel === undefined) {
        channel = new BroadcastChannel(name)
        channel.addEventListener('message', ({ data }: MessageEvent<string>) => remember(data))
      }
      return () => {
        members -= 1
        if (members > 0) return
        channel?.close()
        channel = undefined
      }
    },

    async claim(key, signal) {
      await untilLookedAt(signal)
      if (claimed.has(key) || !(await lock(`${name} ${key}`)) || claimed.has(key)) return false
      remember(key)
      channel?.postMessage(key)
      return true
    },
  }
}

async function untilLookedAt(signal?: AbortSignal): Promise<void> {
  if (typeof document === 'undefined' || document.visibilityState !== 'hidden') return
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (document.visibilityState === 'hidden') return
      document.removeEventListener('visibilitychange', look)
      resolve()
    }
    document.addEventListener('visibilitychange', look, signal && { signal })
  })
}

/** Web Locks are there on secure pages only. */
async function lock(name: string): Promise<boolean> {
  const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks
  if (!locks) return true
  return new Promise((resolve) => {
    locks
      .request(name, { ifAvailable: true }, async (held) => {
        resolve(held !== null)
        if (held !== null) await new Promise((release) => setTimeout(release, heldMs))
      })
      .catch(() => resolve(true))
  })
}
