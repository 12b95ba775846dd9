/**
 * One reader of the hub: a stream or one poll. It keeps no frames, only what is new to it and what
 * it knows: a slow reader gets the latest state of each thing when it reads again, and costs no more
 * memory than what it watches.
 */
import { canSee, type Principal } from '../core/index.js'
import {
  encodeFrame,
  type EncodedFrame,
  formatKnownVersion,
  isNews,
  isSameJob,
} from '../protocol/index.js'
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
  /** `version@createdAt` by job id. */
  readonly known: Readonly<Record<string, string>>
  /** The tag of each window that the reader has, by the window's key. */
  readonly windowTags: ReadonlyMap<string, string>
  hello(): EncodedFrame
}

export interface Reader {
  readonly principal: Principal
  /** `null`: there is no such job. */
  jobChanged(id: string, state: JobState | null): void
  windowChanged(key: string, window: WindowState): void
  /** There may be something to take from it. */
  streamChanged(subscription: StreamSubscription): void
  /** Forget what the reader knows, and greet it anew: the epoch has changed. */
  reset(): void
  /** What is new, as frames. */
  take(): EncodedFrame[]
  /** Resolves when there is something to take, or after `timeoutMs`, or when the signal aborts. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<void>
}

/** What is known of a job that the reader was told is gone. */
const gone = 'gone'

export function createReader({
  principal,
  known: initial,
  windowTags,
  hello,
}: ReaderOptions): Reader {
  const known = new Map(Object.entries(initial))
  const watchedAlone = new Set<string>()
  const newJobs = new Map<string, JobState | null>()
  const newWindows = new Map<string, WindowState>()
  const newStreams = new Set<StreamSubscription>()
  const membersOf = new Map<string, readonly string[]>()
  const tags = new Map(windowTags)
  let greeted = false
  let wake = (): void => undefined

  function jobFrames(id: string, state: JobState | null): EncodedFrame[] {
    const before = known.get(id)
    if (state === null || !canSee(principal, state.job)) {
      if (before === gone) return []
      known.set(id, gone)
      return [encodeFrame({ event: 'gone', data: { id } })]
    }
    if (!isNews(state.job, before)) return []
    known.set(id, formatKnownVersion(state.job))
    return [isSameJob(state.job, before) ? state.change() : state.whole()]
  }

  function windowFrames(key: string, window: WindowState): EncodedFrame[] {
    const frames = window.members.flatMap((state) => jobFrames(state.job.id, state))
    if (tags.get(key) === window.tag) return frames
    tags.set(key, window.tag)
    const ids = window.members.map(({ job }) => job.id)
    // A job that left the window is followed no longer, so what is known of it grows old.
    for (const id of membersOf.get(key) ?? []) {
      if (!ids.includes(id) && !watchedAlone.has(id)) known.delete(id)
    }
    membersOf.set(key, ids)
    return [...frames, window.frame(key)]
  }

  return {
    principal,
    jobChanged(id, state) {
      watchedAlone.add(id)
      newJobs.set(id, state)
      wake()
    },
    windowChanged(key, window) {
      newWindows.set(key, window)
      wake()
    },
    streamChanged(subscription) {
      newStreams.add(subscription)
      wake()
    },
    reset() {
      greeted = false
      known.clear()
      newJobs.clear()
      newWindows.clear()
      newStreams.clear()
      membersOf.clear()
      tags.clear()
      wake()
    },
    take() {
      const frames = greeted ? [] : [hello()]
      greeted = true
      for (const [id, state] of newJobs) frames.push(...jobFrames(id, state))
      for (const [key, window] of newWindows) frames.push(...windowFrames(key, window))
      for (const subscription of newStreams) frames.push(...subscription.take())
      newJobs.clear()
      newWindows.clear()
      newStreams.clear()
      return frames
    },
    async wait(timeoutMs, signal) {
      if (signal.aborted || !greeted || newJobs.size + newWindows.size + newStreams.size > 0) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
        signal.addEventListener('abort', wake, { once: true })
      })
      signal.removeEventListener('abort', wake)
      wake = () => undefined
    },
  }
}
