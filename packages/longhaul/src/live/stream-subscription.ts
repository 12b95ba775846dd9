import { canSee, isSettled, type JobStatus, type Ownership } from '../core/index.js'
import {
  encodeFrame,
  type EncodedFrame,
  parsePlace,
  type StreamPlace,
  type StreamWatch,
} from '../protocol/index.js'
import type { Reader } from './reader.js'

/** What the hub knows of a stream that somebody watches. */
export interface StreamState {
  readonly id: string
  readonly stream: string
  /** `undefined`: not read yet. `null`: there is no such job. */
  job: JobOfStream | null | undefined
  /** The number of the last chunk that is known. */
  head: number
  /** The chunks after `tailFrom` up to `head`: each was read and encoded once for all who follow. */
  tail: EncodedChunk[]
  tailFrom: number
}

export interface JobOfStream extends Ownership {
  readonly status: JobStatus
  readonly createdAt: string
  readonly version: number
}

export interface EncodedChunk {
  readonly seq: number
  readonly frame: EncodedFrame
}

/** Chunks that were read for one reader, which is behind the tail. */
export interface StreamPage {
  readonly restarted: boolean
  readonly chunks: readonly EncodedChunk[]
}

export interface StreamSubscription {
  readonly reader: Reader
  place(): StreamPlace
  /** What is new, as frames. Asks for a page when that is further back than the tail. */
  take(): EncodedFrame[]
  pageRead(page: StreamPage): void
  /** A page is being read for it. */
  isCatchingUp(): boolean
  /** The epoch has changed: nothing that the reader has counts. */
  reset(): void
}

export interface StreamSubscriptionOptions {
  readonly reader: Reader
  readonly watch: StreamWatch
  readonly state: StreamState
  needPage(subscription: StreamSubscription): void
}

/** One reader's way along one stream. It keeps a place, and a page at most. */
export function createStreamSubscription(options: StreamSubscriptionOptions): StreamSubscription {
  const { reader, watch, state, needPage } = options
  const { id, stream } = state
  const asked = parsePlace(watch.from ?? '0')
  let place: StreamPlace = asked ?? { seq: 0 }
  /** The version of the end that the reader knows of. */
  let { ended } = watch
  let page: StreamPage | undefined
  let isReading = false
  let isGone = watch.from === 'gone'
  /** The caller has something of which it is not known what it is. */
  let mustRestart = asked === undefined
  /** The place came out of the stream itself, and not from the caller, who may be anywhere. */
  let isOnTheWay = place.seq === 0

  function nextChunks(createdAt: string): EncodedFrame[] {
    const frames: EncodedFrame[] = []
    const restart = mustRestart || page?.restarted === true || isOfAnother(place, createdAt)
    if (restart) {
      place = { seq: 0, createdAt }
      frames.push(restartFrame(createdAt))
      mustRestart = false
      ended = undefined
    }
    if (page !== undefined) {
      isOnTheWay = true
      const last = page.chunks.at(-1)
      if (last !== undefined) place = { seq: last.seq, createdAt }
      frames.push(...page.chunks.map(({ frame }) => frame))
      page = undefined
    }
    if (restart) isOnTheWay = true
    if (place.seq === state.head) isOnTheWay = true
    if (isOnTheWay && place.seq >= state.head) return frames
    if (isOnTheWay && place.seq >= state.tailFrom) {
      for (const { seq, frame } of state.tail) if (seq > place.seq) frames.push(frame)
      place = { seq: state.head, createdAt }
      return frames
    }
    isReading = true
    needPage(subscription)
    return frames
  }

  function restartFrame(createdAt: string): EncodedFrame {
    return encodeFrame({
      event: 'chunk',
      data: { job: id, stream, seq: 0, createdAt, restart: true },
    })
  }

  /** A reader who has heard nothing learns that the stream is there, though nothing is written. */
  function begin(createdAt: string): EncodedFrame[] {
    if (isReading || place.seq > 0 || place.createdAt === createdAt) return []
    place = { seq: 0, createdAt }
    return [restartFrame(createdAt)]
  }

  /** That it has ended, or that what had ended goes on: the job may have been retried, and ended again, unseen. */
  function end(job: JobOfStream): EncodedFrame[] {
    const { createdAt, version } = job
    const status = isSettled(job.status) ? job.status : null
    const now = status === null ? undefined : version
    if (ended === now || isReading || place.seq < state.head) return []
    ended = now
    const { seq } = place
    // Who is told of the end knows that it is there: it is not begun anew for them.
    place = { seq, createdAt }
    const data = { job: id, stream, seq, createdAt, version, status }
    return [encodeFrame({ event: 'end', data })]
  }

  const subscription: StreamSubscription = {
    reader,
    place: () => place,
    take() {
      const { job } = state
      if (job === undefined || isReading) return []
      if (job === null || !canSee(reader.principal, job)) {
        if (isGone) return []
        isGone = true
        // The reader forgets what it has, and begins again should the job be there again.
        place = { seq: 0 }
        ended = undefined
        page = undefined
        isOnTheWay = true
        return [encodeFrame({ event: 'chunk', data: { job: id, stream, gone: true } })]
      }
      isGone = false
      const chunks = nextChunks(job.createdAt)
      // It went on: how it ended before says nothing of how it has ended now.
      if (chunks.length > 0) ended = undefined
      const frames = [...chunks, ...end(job)]
      return frames.length > 0 ? frames : begin(job.createdAt)
    },
    pageRead(read) {
      isReading = false
      page = read
      reader.streamChanged(subscription)
    },
    isCatchingUp: () => isReading,
    reset() {
      mustRestart = true
      page = undefined
      isReading = false
    },
  }
  return subscription
}

/** Nothing has to be read to know that it is gone. */
export function streamOfNoJob(reader: Reader, watch: StreamWatch): StreamSubscription {
  const { job: id, stream } = watch
  const state = { id, stream, job: null, head: 0, tail: [], tailFrom: 0 }
  return createStreamSubscription({ reader, watch, state, needPage: () => undefined })
}

function isOfAnother(place: StreamPlace, createdAt: string): boolean {
  return place.createdAt !== undefined && place.createdAt !== createdAt
}
