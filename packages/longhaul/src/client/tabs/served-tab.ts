/**
 * What the leader does for one other tab: it watches what that tab watches, and tells it what is new
 * to it. As on the server, no frame is kept: what the tab has is known by version and place, and a
 * frame is made of what the leader knows when there is something to tell.
 */
import {
  asChange,
  formatKnownVersion,
  type Frame,
  isNews,
  isSameJob,
  type StreamWatch,
  type Watch,
  type WatchRequest,
  type WindowWatch,
} from '../../protocol/index.js'
import type { JobStore } from '../job-store.js'
import type { Observable } from '../observable.js'
import { lostPlace, type StreamStore } from '../stream-store.js'
import type { WatchSet } from '../watch-set.js'
import { keyOf } from '../watch-set.js'
import { streamNews } from './stream-news.js'
import { defaultWindowLimit, type WindowNames } from '../window-names.js'

export interface ServedTab {
  /** All that it watches from now on, with what it knows. */
  watch(request: WatchRequest): void
  close(): void
}

export interface ServedTabOptions {
  readonly store: JobStore
  readonly streams: StreamStore
  readonly watches: WatchSet
  readonly windowNames: WindowNames
  tell(epoch: string, frames: readonly Frame[]): void
}

interface Served {
  /** The tab has what this says. */
  goOnFrom(watch: Watch): void
  /** Tell what the tab lacks of it. */
  look(): void
  /** What the tab has of it does not count any more. */
  lose(): void
  stop(): void
}

export function createServedTab(options: ServedTabOptions): ServedTab {
  const { store, streams, watches, windowNames, tell } = options
  const served = new Map<string, Served>()
  /** What the tab has, by job id, in the epoch that it was told of. */
  const known = new Map<string, string>()
  let toldEpoch: string | undefined
  let unsent: Frame[] = []

  function say(...frames: Frame[]): void {
    if (frames.length === 0) return
    if (unsent.length === 0) queueMicrotask(flush)
    unsent.push(...frames)
  }

  function flush(): void {
    const frames = unsent
    unsent = []
    if (toldEpoch !== undefined) tell(toldEpoch, frames)
  }

  function enter(epoch: string | undefined): void {
    // Who has heard of none yet contradicts nobody.
    if (epoch === undefined || epoch === toldEpoch) return
    flush()
    // What it had in another epoch counts for nothing.
    if (toldEpoch !== undefined) for (const { lose } of served.values()) lose()
    toldEpoch = epoch
    known.clear()
  }

  function tellJob(id: string): void {
    const before = known.get(id)
    const { job, state } = store.job(id).getSnapshot()
    const now = store.knownVersion(id)
    if (now === undefined || now === before) return
    if (state === 'gone') say({ event: 'gone', data: { id } })
    if (job === undefined) return void known.set(id, now)
    if (!isNews(job, before)) return
    known.set(id, formatKnownVersion(job))
    if (isSameJob(job, before)) say({ event: 'change', data: asChange(job) })
    else say({ event: 'job', data: job })
  }

  /** @returns what the tab has then */
  function tellWindow(has: WindowWatch, name: string): WindowWatch {
    const { window } = store.window(name).getSnapshot()
    if (window === undefined) return has
    for (const id of window.ids) tellJob(id)
    if (has.tag === window.tag) return has
    say({ event: 'window', data: { ...window, key: has.key } })
    return { ...has, tag: window.tag }
  }

  /** @returns what the tab has then */
  function tellStream(has: StreamWatch): StreamWatch {
    const { frames, next } = streamNews(streams, has)
    say(...frames)
    return next
  }

  function tellNews(has: Watch, local: Watch): Watch {
    if ('jobs' in has) return tellWindow(has, (local as WindowWatch).key)
    if ('stream' in has) return tellStream(has)
    tellJob(has.job)
    return has
  }

  function sourceOf(local: Watch): Pick<Observable<unknown>, 'subscribe'> {
    if ('jobs' in local) return store.window(local.key)
    return 'stream' in local ? streams.stream(local.job, local.stream) : store.job(local.job)
  }

  function serve(watch: Watch): Served {
    // Watched first, so that what is known of it is not forgotten under the reader's eyes.
    const local = asLocal(watch)
    const unwatch = watches.add(local)
    let has = watch
    const look = (): void => {
      enter(store.epoch())
      has = tellNews(has, local)
    }
    const unsubscribe = sourceOf(local).subscribe(look)
    return {
      goOnFrom(said) {
        has = said
      },
      lose() {
        if ('stream' in has) has = { ...has, from: lostPlace }
      },
      look,
      stop() {
        unsubscribe()
        unwatch()
      },
    }
  }

  function asLocal(watch: Watch): Watch {
    if (!('jobs' in watch)) return watch
    const { jobs, limit = defaultWindowLimit } = watch
    const key = windowNames(jobs, limit)
    store.window(key, jobs, limit)
    return { key, jobs, limit }
  }

  return {
    watch(request) {
      enter(request.epoch)
      // It says what it has, and not what it was told: while it looked for its leader it heard nothing.
      known.clear()
      for (const [id, version] of Object.entries(request.known ?? {})) known.set(id, version)
      const wanted = new Map(request.watches.map((watch) => [keyOf(watch), watch]))
      for (const [key, { stop }] of served) {
        if (wanted.has(key)) continue
        stop()
        served.delete(key)
      }
      for (const [key, watch] of wanted) {
        const entry = served.get(key) ?? serve(watch)
        served.set(key, entry)
        entry.goOnFrom(watch)
      }
      for (const { look } of served.values()) look()
    },
    close() {
      for (const { stop } of served.values()) stop()
      served.clear()
    },
  }
}
