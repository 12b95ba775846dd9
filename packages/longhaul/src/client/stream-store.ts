/**
 * The streams that the client follows. Chunks come in order on one connection, but a connection that
 * takes over begins where this store stands, so what it has is dropped, and nothing is missing.
 */
import type { Job, Json, SettledStatus } from '../core/index.js'
import {
  type ChunkFrame,
  formatPlace,
  type Frame,
  type StreamWatch,
  type WrittenFrame,
} from '../protocol/index.js'
import type { EpochMark } from './job-store.js'
import { createSource, type Observable, type Source } from './observable.js'

export interface StreamChunk {
  readonly seq: number
  /** The step that wrote it; null: written outside of steps. */
  readonly step: string | null
  readonly values: readonly Json[]
}

/** What is known of one stream of a job. */
export interface StreamSnapshot {
  /**
   * `open`: the job has not settled, so more may come. `ended`: it has, and this is all of it.
   * `gone`: there is no such job, or it is not this user's to see.
   */
  readonly state: 'loading' | 'open' | 'ended' | 'gone'
  readonly chunks: readonly StreamChunk[]
  /** How the job ended. */
  readonly status: SettledStatus | undefined
  /** Grows when chunks were taken back, because the job is being run again: then this is another text. */
  readonly edition: number
}

export interface StreamStore {
  stream(job: string, stream: string): Observable<StreamSnapshot>
  apply(frame: Frame): void
  /** The watch that continues where this store stands: from now on it takes what comes. */
  watchOf(job: string, stream: string): StreamWatch
  /** Up to where this store has it. */
  placeOf(job: string, stream: string): Readonly<StreamPosition>
  /** The job has been retried and has this version, as the answer to a request says, so what ended before goes on. */
  reopen(job: Pick<Job, 'id' | 'createdAt' | 'version'>, asked: EpochMark): void
  /** The jobs that have streams which ended. */
  endedJobs(): string[]
  /** Nobody looks at it any more: streams are large. */
  drop(job: string, stream: string): void
}

export interface StreamPosition {
  seq: number
  /** Where chunks were last taken back: who is further back cannot just go on. */
  resetAt: number
  /** Of the job. */
  createdAt: string | undefined
  /** Of the job, as far as it is known that the stream has ended or goes on. */
  version: number
}

interface Entry extends StreamPosition {
  /** The epoch in which it was read from the start. */
  mark?: EpochMark
  readonly source: Source<StreamSnapshot>
}

export const noStream: StreamSnapshot = {
  state: 'loading',
  chunks: [],
  status: undefined,
  edition: 0,
}

/** Of a stream of another epoch: it is told from the start. */
export const lostPlace = 'lost'

/** Until it is asked for, what comes is the last of a watch that has ended, and none of it is taken. */
const notAsked: Readonly<StreamPosition> = {
  seq: Infinity,
  resetAt: 0,
  createdAt: undefined,
  version: 0,
}

/** @param mark of the epoch: what is known of a stream in one says nothing of it in another */
export function createStreamStore(mark: () => EpochMark = () => 0): StreamStore {
  const entries = new Map<string, Entry>()

  function find(job: string, stream: string): Entry {
    const key = keyOf(job, stream)
    const entry = entries.get(key) ?? { source: createSource(noStream), ...notAsked }
    entries.set(key, entry)
    return entry
  }

  function applyChunk(frame: ChunkFrame): void {
    const entry = find(frame.job, frame.stream)
    // Should the job be there again, it is read from the start.
    if ('gone' in frame) return beginAgain(entry, 'gone')
    if ('restart' in frame) return beginAgain(entry, 'open', frame.createdAt)
    if (frame.seq <= entry.seq) return
    const before = entry.source.getSnapshot()
    // Of a job that was made again under its id: versions of the one before say nothing of it.
    if (frame.createdAt !== entry.createdAt) entry.version = 0
    Object.assign(entry, { seq: frame.seq, createdAt: frame.createdAt })
    if ('keep' in frame) entry.resetAt = frame.seq
    entry.source.set({ ...before, state: 'open', status: undefined, ...withChunk(before, frame) })
  }

  function beginAgain(entry: Entry, state: 'open' | 'gone', createdAt?: string): void {
    Object.assign(entry, notAsked, { seq: 0, createdAt, mark: mark() })
    entry.source.set({ ...noStream, state, ...keeping(entry.source.getSnapshot(), []) })
  }

  function setEnd({ source }: Entry, status: SettledStatus | null): void {
    const state = status === null ? 'open' : 'ended'
    source.set({ ...source.getSnapshot(), state, status: status ?? undefined })
  }

  return {
    stream: (job, stream) => find(job, stream).source,
    apply(frame) {
      if (frame.event === 'chunk') return applyChunk(frame.data)
      if (frame.event === 'end') {
        const { job, stream, seq, createdAt, version, status } = frame.data
        const entry = find(job, stream)
        // The job was retried meanwhile, and that is known already.
        const isOlder = createdAt === entry.createdAt && version < entry.version
        if (seq < entry.seq || isOlder) return
        Object.assign(entry, { seq, createdAt, version })
        setEnd(entry, status)
      }
    },
    watchOf(job, stream) {
      const entry = find(job, stream)
      if (entry.seq === Infinity) Object.assign(entry, { seq: 0, mark: mark() })
      const { state, status } = entry.source.getSnapshot()
      const place = entry.mark === mark() ? formatPlace(entry) : lostPlace
      const from = state === 'gone' ? state : place
      return { job, stream, from, ended: status && entry.version }
    },
    placeOf: find,
    reopen({ id, createdAt, version }, asked) {
      for (const [key, entry] of entries) {
        // What has come since then may be of another epoch, or of a job that was made again under the id.
        if (!key.startsWith(`${id} `) || entry.mark !== asked) continue
        // Its end may have come before the answer to the retry.
        if (entry.createdAt !== createdAt || version < entry.version) continue
        entry.version = version
        if (entry.source.getSnapshot().state === 'ended') setEnd(entry, null)
      }
    },
    endedJobs() {
      const ended = [...entries].filter(([, { source }]) => source.getSnapshot().state === 'ended')
      return [...new Set(ended.map(([key]) => key.slice(0, key.indexOf(' '))))]
    },
    drop(job, stream) {
      Object.assign(find(job, stream), notAsked).source.set(noStream)
    },
  }
}

/** What changes in a snapshot. */
type Changes = Pick<StreamSnapshot, 'chunks' | 'edition'>

function withChunk(
  before: StreamSnapshot,
  frame: Exclude<WrittenFrame, { readonly restart: true }>,
): Changes {
  const { chunks, edition } = before
  if ('values' in frame) {
    const { seq, step, values } = frame
    return { chunks: [...chunks, { seq, step, values }], edition }
  }
  return keeping(
    before,
    chunks.filter(({ step }) => step !== null && frame.keep.includes(step)),
  )
}

/** With fewer chunks it is another text. */
function keeping({ chunks, edition }: StreamSnapshot, kept: readonly StreamChunk[]): Changes {
  return { chunks: kept, edition: kept.length === chunks.length ? edition : edition + 1 }
}

function keyOf(job: string, stream: string): string {
  return `${job} ${stream}`
}
