import { canSee, type Principal } from '../core/index.js'
import { encodeFrame, type EncodedFrame, isNews, isSameJob } from '../protocol/index.js'
import type { Announced } from './announcer.js'
import type { JobState } from './job-state.js'
import type { StreamSubscription } from './stream-subscription.js'

/** What a window holds: its jobs, newest first, and the frame that says which they are. */
export interface WindowState {
  readonly members: readonly JobState[]
  readonly tag: string
  frame(key: string): EncodedFrame
  /** The same window with a member's new state. */
  with(at: number, state: JobState): WindowState
}

export interface ReaderOptions {
  readonly principal: Principal
  /** The jobs that are watched by their ids. */
  readonly watched: ReadonlySet<string>
  hello(): EncodedFrame
  /** Have it told, in its turn, that there is news. */
  readonly tell: (reader: Announced) => void
}

/** What the reader says that it has. */
export interface KnownBefore {
  /** `version@createdAt` by job id. */
  readonly versions: Readonly<Record<string, string>>
  /** The tag of each window, by the window's key. */
  readonly windowTags: readonly (readonly [key: string, tag: string])[]
}

/** What a reader knows of a window. */
interface KnownWindow {
  tag: string | undefined
  members: readonly string[]
}

/** What is known of a job that the reader was told is gone. */
const gone = 'gone'

/**
 * One reader of the hub: a stream or one poll. It keeps no frames, only what is new to it and what
 * it knows: a slow reader gets the latest state of each thing when it reads again, and costs no more
 * memory than what it watches. A class, and its parts are made when they are needed: there are thousands of them, of which
 * most hear nothing most of the time.
 */
export class Reader implements Announced {
  readonly principal: Principal
  readonly #options: ReaderOptions
  readonly #known: Map<string, string>
  #windows: Map<string, KnownWindow> | undefined
  #newJobs: Map<string, JobState | null> | undefined
  #newWindows: Map<string, WindowState> | undefined
  #newStreams: Set<StreamSubscription> | undefined
  #isGreeted = false
  #isTold = false
  #listener: (() => void) | undefined

  constructor(options: ReaderOptions, known: KnownBefore) {
    this.principal = options.principal
    this.#options = options
    this.#known = new Map(Object.entries(known.versions))
    for (const [key, tag] of known.windowTags) this.#window(key).tag = tag
  }

  /** `null`: there is no such job. */
  jobChanged(id: string, state: JobState | null): void {
    this.#newJobs ??= new Map()
    this.#newJobs.set(id, state)
    this.#tell()
  }

  windowChanged(key: string, window: WindowState): void {
    this.#newWindows ??= new Map()
    this.#newWindows.set(key, window)
    this.#tell()
  }

  /** There may be something to take from it. */
  streamChanged(subscription: StreamSubscription): void {
    this.#newStreams ??= new Set()
    this.#newStreams.add(subscription)
    this.#tell()
  }

  /** Forget what the reader knows, and greet it anew: the epoch has changed. */
  reset(): void {
    this.#isGreeted = false
    this.#known.clear()
    this.#windows = undefined
    this.#forgetNews()
    this.#tell()
  }

  /** From now on `listener` is called when there is something to take. `undefined`: nobody is. */
  listen(listener: (() => void) | undefined): void {
    this.#listener = listener
    if (this.hasNews()) this.#tell()
  }

  announce(): void {
    this.#isTold = false
    this.#listener?.()
  }

  /** There may be something to take. */
  hasNews(): boolean {
    const { length } = [this.#newJobs, this.#newWindows, this.#newStreams].filter(Boolean)
    return !this.#isGreeted || length > 0
  }

  /** What is new, as frames. */
  take(): EncodedFrame[] {
    const frames = this.#isGreeted ? [] : [this.#options.hello()]
    this.#isGreeted = true
    for (const [id, state] of this.#newJobs ?? []) this.#takeJob(id, state, frames)
    for (const [key, window] of this.#newWindows ?? []) this.#takeWindow(key, window, frames)
    for (const subscription of this.#newStreams ?? []) frames.push(...subscription.take())
    this.#forgetNews()
    return frames
  }

  #takeJob(id: string, state: JobState | null, frames: EncodedFrame[]): void {
    const before = this.#known.get(id)
    if (state === null || !canSee(this.principal, state.job)) {
      if (before === gone) return
      this.#known.set(id, gone)
      frames.push(encodeFrame({ event: 'gone', data: { id } }))
    } else if (isNews(state.job, before)) {
      this.#known.set(id, state.known)
      frames.push(isSameJob(state.job, before) ? state.change() : state.whole())
    }
  }

  #takeWindow(key: string, window: WindowState, frames: EncodedFrame[]): void {
    for (const state of window.members) {
      const { id } = state.job
      // The window may have been read before the job was deleted: one that is watched by its id comes back by that alone.
      if (this.#known.get(id) === gone && this.#options.watched.has(id)) continue
      this.#takeJob(id, state, frames)
    }
    const known = this.#window(key)
    if (known.tag === window.tag) return
    const members = window.members.map(({ job }) => job.id)
    // A job that left the window is followed no longer, so what is known of it grows old.
    for (const id of known.members) {
      if (!members.includes(id) && !this.#options.watched.has(id)) this.#known.delete(id)
    }
    Object.assign(known, { tag: window.tag, members })
    frames.push(window.frame(key))
  }

  #window(key: string): KnownWindow {
    this.#windows ??= new Map()
    const known = this.#windows.get(key) ?? { tag: undefined, members: [] }
    this.#windows.set(key, known)
    return known
  }

  #tell(): void {
    if (this.#isTold || this.#listener === undefined) return
    this.#isTold = true
    this.#options.tell(this)
  }

  #forgetNews(): void {
    this.#newJobs = undefined
    this.#newWindows = undefined
    this.#newStreams = undefined
  }
}
