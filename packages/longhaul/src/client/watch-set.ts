import type { limits } from '../core/index.js'
import type { Watch, WatchRequest, WindowWatch } from '../protocol/index.js'
import type { JobStore } from './job-store.js'
import type { WatchChange } from './link.js'
import type { StreamStore } from './stream-store.js'

export interface WatchSet {
  /** @returns a function that ends it */
  add(watch: Watch): () => void
  isEmpty(): boolean
  /** Of each of them, as {@link keyOf} makes it. */
  keys(): string[]
  /** All of it, with what is known already. */
  request(): WatchRequest
}

export interface WatchSetOptions {
  readonly store: JobStore
  readonly streams: StreamStore
  /** The set is another one now. */
  onChange(change: WatchChange): void
}

interface Entry {
  readonly watch: Watch
  readonly readers: Set<object>
  lingering?: ReturnType<typeof setTimeout>
}

/** Of `limits`, which would bring all of them. What is more waits until there is room: the server would refuse all of it. */
const watchesPerConnection: typeof limits.watchesPerConnection = 500
const streamsPerConnection: typeof limits.streamsPerConnection = 50

/** A component that is only being shown again comes back within the moment. */
const lingerMs = 1500

/** What is watched: each thing once, for as long as somebody looks at it and a moment longer. */
export function createWatchSet({ store, streams, onChange }: WatchSetOptions): WatchSet {
  const watches = new Map<string, Entry>()

  function request(): WatchRequest {
    const known: Record<string, string> = {}
    let streamCount = 0
    const wanted = [...watches.values()]
      .filter(({ watch }) => !('stream' in watch) || streamCount++ < streamsPerConnection)
      .slice(0, watchesPerConnection)
      .map(({ watch }) => {
        if ('stream' in watch) return streams.watchOf(watch.job, watch.stream)
        if ('jobs' in watch) return withTag(watch)
        note(watch.job)
        return watch
      })
    return { watches: wanted, known, epoch: store.epoch() }

    function withTag(watch: WindowWatch): Watch {
      const { window, jobs } = store.window(watch.key).getSnapshot()
      for (const { id } of jobs) note(id)
      return { ...watch, tag: window?.tag }
    }

    function note(id: string): void {
      const version = store.knownVersion(id)
      if (version !== undefined) known[id] = version
    }
  }

  return {
    add(watch) {
      const key = keyOf(watch)
      const known = watches.get(key)
      const entry: Entry = known ?? { watch, readers: new Set() }
      const reader = {}
      entry.readers.add(reader)
      clearTimeout(entry.lingering)
      watches.set(key, entry)
      if (known === undefined) onChange('added')
      return () => {
        // A second time it would end what somebody else watches by now.
        if (!entry.readers.delete(reader) || entry.readers.size > 0) return
        entry.lingering = setTimeout(() => {
          watches.delete(key)
          if ('stream' in watch) streams.drop(watch.job, watch.stream)
          onChange('removed')
        }, lingerMs)
      }
    },
    isEmpty: () => watches.size === 0,
    keys: () => [...watches.keys()],
    request,
  }
}

/** The same for two watches of the same thing. */
export function keyOf(watch: Watch): string {
  if ('jobs' in watch) return `window ${watch.key}`
  return 'stream' in watch ? `stream ${watch.job} ${watch.stream}` : `job ${watch.job}`
}
