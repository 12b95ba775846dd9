import type { FieldValue, Job, JobState, JobStatus } from '../core/index.js'
import { jobStateFields } from '../core/index.js'
import type { Problem } from './problem.js'
import type { ChunkFrame, EndFrame, StreamWatch } from './stream.js'

/** Which jobs a list or a window holds. Fields are combined with "and", the values of one with "or". */
export interface JobFilter {
  readonly status?: readonly JobStatus[]
  readonly type?: readonly string[]
  readonly queue?: readonly string[]
  /** Jobs that have all of these tags. */
  readonly tags?: readonly string[]
  /** Jobs whose input has these values in these fields: `{ contactId: 'c1' }`. Their type names the fields in `filterBy`. */
  readonly input?: Readonly<Record<string, FieldValue>>
  /** The items of this batch, or what this job has spawned. */
  readonly parent?: string
  /**
   * `own`: what the caller enqueued. `visible`: all that the caller may see in the tenant.
   *
   * @defaultValue 'own'
   */
  readonly scope?: 'own' | 'visible'
}

/** A client's live interest: one job, a stream of one, or the newest jobs of a filter. */
export type Watch = JobWatch | StreamWatch | WindowWatch

export interface JobWatch {
  readonly job: string
}

export interface WindowWatch {
  /** The client's own name for the window. */
  readonly key: string
  readonly jobs: JobFilter
  /**
   * At most 200.
   *
   * @defaultValue 20
   */
  readonly limit?: number
  /** The `tag` of the window as the client has it: the frame comes only when it differs. */
  readonly tag?: string
}

export interface WatchRequest {
  readonly watches: readonly Watch[]
  /** What the client has, by job id: `version@createdAt`. It is sent only what is newer. */
  readonly known?: Readonly<Record<string, string>>
  /** The epoch in which `known` was learned. In another one it counts for nothing. */
  readonly epoch?: string
}

export type JobCounts = Readonly<Record<JobStatus, number>>

/** Which jobs a window holds now, newest first. */
export interface WindowFrame {
  readonly key: string
  /** Stands for the rest of the frame: the same tag, the same window. */
  readonly tag: string
  readonly ids: readonly string[]
  readonly counts: JobCounts
  /** True when a count stopped at its cap, so that counting never reads a whole table. */
  readonly countsCapped: boolean
  readonly hasMore: boolean
}

/** A whole job, as far as a frame can hold it. */
export type FramedJob = Job & {
  /** The result is too large for a frame: fetch the job. */
  readonly resultOmitted?: true
}

/** What a reader gets who has the rest of the job: the columns that change. */
export type JobChange = JobState & {
  readonly id: string
  readonly createdAt: string
  /** The result is too large for a frame: fetch the job. */
  readonly resultOmitted?: true
}

/** The first frame, and again when the epoch changes: then everything watched follows in whole. */
export interface HelloFrame {
  /** Changes when the database restarted or failed over: forget all known versions. */
  readonly epoch: string
  readonly heartbeatMs: number
  /** How often to poll when nothing better works. */
  readonly pollMs: number
  /** The server takes WebSockets, at `/ws`. */
  readonly ws?: boolean
  /** Many are connected: whoever loses the connection comes back at some moment within this time. */
  readonly spreadMs?: number
  /** Over a WebSocket: which of the client's watches this begins. */
  readonly number?: number
}

export interface Goodbye {
  readonly reason: 'rotate' | 'shutdown'
  /** Come back at some moment within this time. Absent: at once. */
  readonly spreadMs?: number
}

/** What a stream carries. The names are the `event:` fields of server-sent events. */
export interface Frames {
  hello: HelloFrame
  /** A whole job: to a reader that does not know it. */
  job: FramedJob
  change: JobChange
  /** The job is not there, or not for this reader: both look the same. */
  gone: { readonly id: string }
  window: WindowFrame
  chunk: ChunkFrame
  end: EndFrame
  /** A heartbeat. An event and not a comment, because browsers do not show comments to scripts. */
  hb: Record<string, never>
  /** Over a WebSocket: say again who is asking; until then nothing is sent. */
  auth: Record<string, never>
  /** The server ends the stream: come back at once. */
  bye: Goodbye
  error: Problem
}

export type FrameName = keyof Frames
export type Frame = { [N in FrameName]: { readonly event: N; readonly data: Frames[N] } }[FrameName]

/** The answer to a watch in JSON: what is newer than the known versions. */
export interface WatchAnswer {
  readonly epoch: string
  readonly pollMs: number
  /** As in `hello`. Who cannot stream learns it here. */
  readonly ws?: boolean
  readonly jobs: readonly FramedJob[]
  readonly changes: readonly JobChange[]
  readonly gone: readonly string[]
  readonly windows: readonly WindowFrame[]
  readonly chunks: readonly ChunkFrame[]
  readonly ends: readonly EndFrame[]
}

/** Results over this many bytes of JSON are fetched and not framed. */
export const maxFramedResultBytes = 32_768

export function asChange(job: Job): JobChange {
  const change: Record<string, unknown> = { id: job.id, createdAt: job.createdAt }
  for (const field of jobStateFields) change[field] = job[field]
  return change as unknown as JobChange
}

/** A frame must stay small: a large result is left out and marked. */
export function withoutLargeResult<T extends Pick<JobState, 'result'>>(state: T): T {
  if (state.result === null || JSON.stringify(state.result).length <= maxFramedResultBytes)
    return state
  return { ...state, result: null, resultOmitted: true }
}
