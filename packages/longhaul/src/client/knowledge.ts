import type { Frame, WatchAnswer } from '../protocol/index.js'
import type { EpochMark, JobStore } from './job-store.js'
import type { StreamStore } from './stream-store.js'

/** All that the client knows, as the connection feeds it. */
export interface Knowledge {
  apply(frame: Frame): void
  /** The answer to a request that was sent when `mark` was taken. @returns whether anything was new */
  applyAnswer(answer: WatchAnswer, mark: EpochMark): boolean
}

export function createKnowledge(store: JobStore, streams: StreamStore): Knowledge {
  function apply(frame: Frame): void {
    store.apply(frame)
    streams.apply(frame)
  }
  return {
    apply,
    applyAnswer(answer, mark) {
      const { jobs, changes, gone, windows, chunks, ends, epoch } = answer
      store.applyAnswer({ jobs: [], epoch }, mark)
      // It was asked for before the epoch changed, and says nothing of this one.
      if (store.epoch() !== epoch) return true
      const frames = Object.entries({
        job: jobs,
        change: changes,
        gone: gone.map((id) => ({ id })),
        window: windows,
        chunk: chunks,
        end: ends,
      }).flatMap(([event, list]) => list.map((data) => ({ event, data }) as Frame))
      frames.forEach(apply)
      return frames.length > 0
    },
  }
}
