import { defaultStream } from '../core/index.js'
import type { Connection } from './connection.js'
import type { JobCreator } from './job-creator.js'
import type { JobStore } from './job-store.js'
import type { LonghaulClient } from './longhaul-client.js'
import type { Observable } from './observable.js'
import type { StreamStore } from './stream-store.js'
import { defaultWindowLimit, type WindowNames } from './window-names.js'

export interface ViewsOptions {
  readonly store: JobStore
  readonly streams: StreamStore
  readonly connection: Pick<Connection, 'watch'>
  readonly creator: JobCreator
  readonly windowNames: WindowNames
}

/** What can be looked at: each is watched on the server while, and only while, somebody looks. */
export function createViews(
  options: ViewsOptions,
): Pick<LonghaulClient, 'job' | 'window' | 'stream'> {
  const { store, streams, connection, creator, windowNames } = options
  const observables = new Map<string, Observable<unknown>>()

  /** The same observable for the same thing, so that ten components share one watch. */
  function shared<T>(key: string, make: () => Observable<T>): Observable<T> {
    const known = observables.get(key) ?? make()
    observables.set(key, known)
    return known as Observable<T>
  }

  /** A job that the server has not answered for yet is not there to be watched. */
  function watchOnceAsked(job: string, watch: () => () => void): () => void {
    let stop: (() => void) | undefined
    let ended = false
    void creator.answered(job).then(() => {
      if (!ended) stop = watch()
      return undefined
    })
    return () => {
      ended = true
      stop?.()
    }
  }

  return {
    job(asked) {
      const id = possible(asked)
      return shared(`job ${id}`, () => watched(store.job(id), () => connection.watch({ job: id })))
    },
    window(filter, limit = defaultWindowLimit) {
      const key = windowNames(filter, limit)
      return shared(`window ${key}`, () =>
        watched(store.window(key, filter, limit), () =>
          connection.watch({ key, jobs: filter, limit }),
        ),
      )
    },
    stream(asked, stream = defaultStream) {
      const job = possible(asked)
      return shared(`stream ${job} ${stream}`, () =>
        watched(streams.stream(job, stream), () =>
          watchOnceAsked(job, () => connection.watch({ job, stream })),
        ),
      )
    },
  }
}

/** What is longer than any id, as out of an address: the server says `gone` to the beginning of it, and would refuse the whole watch. */
function possible(id: string): string {
  return id.slice(0, 64)
}

function watched<T>(source: Observable<T>, watch: () => () => void): Observable<T> {
  return {
    getSnapshot: source.getSnapshot,
    subscribe(listener) {
      const unsubscribe = source.subscribe(listener)
      const unwatch = watch()
      return () => {
        unsubscribe()
        unwatch()
      }
    },
  }
}
