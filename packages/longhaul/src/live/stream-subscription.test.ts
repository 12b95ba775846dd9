import { expect, it } from 'vitest'
import { ada } from '../../test/database.js'
import type { JobStatus } from '../core/index.js'
import { encodeFrame, type EndFrame, type StreamWatch } from '../protocol/index.js'
import { Reader } from './reader.js'
import {
  createStreamSubscription,
  type EncodedChunk,
  type StreamState,
  type StreamSubscription,
} from './stream-subscription.js'

const createdAt = '2026-11-22T10:00:00.000Z'
const watch = { job: 'j', stream: 'output' }

function chunk(seq: number): EncodedChunk {
  const data = { ...watch, seq, createdAt, step: null, values: [seq] }
  return { seq, frame: encodeFrame({ event: 'chunk', data }) }
}

/** A reader of a stream of one word, whose job has failed. */
function readerOfEnded() {
  const reader = new Reader(
    { principal: ada, watched: new Set(), hello: () => chunk(0).frame, tell: () => undefined },
    { versions: {}, windowTags: [] },
  )
  const owned = { tenantId: 'acme', ownerId: 'ada', visibility: 'owner' } as const
  const state: StreamState = {
    id: watch.job,
    stream: watch.stream,
    job: { ...owned, status: 'failed', createdAt, version: 3 },
    head: 1,
    tail: [chunk(1)],
    tailFrom: 0,
  }
  const follow = (from: StreamWatch) =>
    createStreamSubscription({ reader, watch: from, state, needPage: () => undefined })
  const become = (status: JobStatus, version: number, at = createdAt): void => {
    state.job = { ...owned, status, createdAt: at, version }
  }
  return { state, follow, become }
}

function framesOf({ take }: StreamSubscription): unknown[] {
  return take().map(({ event, json }) => {
    const { version, status } = JSON.parse(json) as Partial<EndFrame>
    return event === 'end' ? { version, status } : event
  })
}

it('G-15: tells the end again when the job has been retried and has ended in the same way unseen', () => {
  const { state, follow, become } = readerOfEnded()
  const subscription = follow(watch)
  expect(framesOf(subscription)).toEqual(['chunk', { version: 3, status: 'failed' }])
  expect(framesOf(subscription)).toEqual([])
  become('failed', 6)
  expect(framesOf(subscription)).toEqual([{ version: 6, status: 'failed' }])
  state.tail.push(chunk(2), chunk(3))
  state.head = 3
  become('failed', 9)
  expect(framesOf(subscription)).toEqual(['chunk', 'chunk', { version: 9, status: 'failed' }])
})

it('G-15: tells who was told of the end that the stream goes on, and nobody else', () => {
  const { follow, become } = readerOfEnded()
  const knows = follow({ ...watch, from: `1@${createdAt}`, ended: 3 })
  expect(framesOf(knows)).toEqual([])
  become('queued', 4)
  expect(framesOf(knows)).toEqual([{ version: 4, status: null }])
  expect(framesOf(knows)).toEqual([])
  expect(framesOf(follow(watch))).toEqual(['chunk'])
})

it('G-15: tells the end of a job that was made again under its id, though its version is the same', () => {
  const { state, follow, become } = readerOfEnded()
  Object.assign(state, { head: 0, tail: [], tailFrom: 0 })
  const subscription = follow({ ...watch, from: `0@${createdAt}`, ended: 3 })
  expect(framesOf(subscription)).toEqual([])
  become('cancelled', 3, '2026-11-22T11:00:00.000Z')
  expect(framesOf(subscription)).toEqual(['chunk', { version: 3, status: 'cancelled' }])
})

it('G-15: leaves a stream ended in which nothing was ever written, however often it is looked at', () => {
  const { state, follow } = readerOfEnded()
  Object.assign(state, { head: 0, tail: [], tailFrom: 0 })
  const subscription = follow(watch)
  expect(framesOf(subscription)).toEqual([{ version: 3, status: 'failed' }])
  expect(framesOf(subscription)).toEqual([])
})
