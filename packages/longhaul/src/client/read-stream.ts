import { type Json, LonghaulError } from '../core/index.js'
import type { Observable } from './observable.js'
import type { StreamSnapshot } from './stream-store.js'

/** What came of a stream since the last part. */
export interface StreamPart {
  readonly values: readonly Json[]
  /** What came before counts for nothing: the job is being run again, and these are all values of now. */
  readonly restarted: boolean
}

/**
 * A stream as it is written: first what is there, then what comes, until the job has settled or the
 * signal aborts.
 *
 * @throws {LonghaulError} `job_not_found`
 */
export async function* readStream(
  stream: Observable<StreamSnapshot>,
  signal?: AbortSignal,
): AsyncGenerator<StreamPart, void, undefined> {
  let edition: number | undefined
  let seq = 0
  let wake = (): void => undefined
  const listener = (): void => wake()
  const unsubscribe = stream.subscribe(listener)
  signal?.addEventListener('abort', listener)
  try {
    for (;;) {
      const changed = new Promise<void>((resolve) => {
        wake = resolve
      })
      const snapshot = stream.getSnapshot()
      if (signal?.aborted === true) return
      if (snapshot.state === 'gone') throw notFound()
      const restarted = edition !== undefined && edition !== snapshot.edition
      if (restarted) seq = 0
      const news = snapshot.chunks.filter((chunk) => chunk.seq > seq)
      if (snapshot.state !== 'loading') edition = snapshot.edition
      seq = snapshot.chunks.at(-1)?.seq ?? seq
      if (news.length > 0 || restarted)
        yield { values: news.flatMap(({ values }) => values), restarted }
      // While the part was being used the stream may have gone on.
      if (stream.getSnapshot() !== snapshot) continue
      if (snapshot.state === 'ended') return
      await changed
    }
  } finally {
    unsubscribe()
    signal?.removeEventListener('abort', listener)
  }
}

function notFound(): LonghaulError {
  return new LonghaulError('job_not_found', 'There is no such job, or it is not yours to see.')
}
