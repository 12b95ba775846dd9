import type { Json, SettledStatus } from '../core/index.js'

/** A live interest in one stream of a job. */
export interface StreamWatch {
  readonly job: string
  readonly stream: string
  /** The last chunk that the caller has, as {@link formatPlace} makes it; `gone`: it knows that there is no such job. Absent: from the start. */
  readonly from?: string | undefined
  /** Of the job, as the last `end` had it: the caller knows that the stream has ended. Absent: not that it knows. */
  readonly ended?: number | undefined
}

/** A place in a stream: the number of a chunk, and which job it is in, because a deleted id can be made again. */
export interface StreamPlace {
  readonly seq: number
  readonly createdAt?: string | undefined
}

interface OfStream {
  readonly job: string
  readonly stream: string
}

interface InStream extends OfStream {
  readonly seq: number
  /** Of the job. */
  readonly createdAt: string
}

/**
 * What was written to a stream. The places of a stream only grow, except that after `restart` its
 * chunks come from the beginning, and those that the reader has count for nothing. That is also how a
 * stream begins in which nothing is written yet.
 */
export type WrittenFrame = InStream &
  (
    | {
        /** The step that wrote it; null: written outside of steps. */
        readonly step: string | null
        readonly values: readonly Json[]
      }
    | {
        /** The job is being run again: of what came before, only the chunks of these steps stay. */
        readonly keep: readonly string[]
      }
    | { readonly restart: true }
  )

/** There is no such job, or it is not for this reader: should it be there again, its stream begins. */
export type GoneStreamFrame = OfStream & { readonly gone: true }

export type ChunkFrame = WrittenFrame | GoneStreamFrame

/** The job has settled and the reader has all of the stream; or it was retried, and what had ended goes on. */
export type EndFrame = InStream & {
  /** Of the job: what is said of an older one has been overtaken. */
  readonly version: number
  /** How the job ended; null: it goes on. */
  readonly status: SettledStatus | null
}

const largestSeq = 2_147_483_647

/** `seq@createdAt`, as in {@link StreamWatch}. */
export function formatPlace({ seq, createdAt }: StreamPlace): string {
  return createdAt === undefined ? String(seq) : `${seq}@${createdAt}`
}

/** The place that a text says, also a number alone. `undefined`: it says none. */
export function parsePlace(text: string): StreamPlace | undefined {
  const [, digits, at] = /^(\d{1,10})(?:@([12]\d{3}-[\dT:.-]{14,25}Z))?$/.exec(text) ?? []
  const seq = Number(digits)
  if (digits === undefined || seq > largestSeq) return undefined
  if (at === undefined) return { seq }
  const time = Date.parse(at)
  return Number.isNaN(time) ? undefined : { seq, createdAt: new Date(time).toISOString() }
}
