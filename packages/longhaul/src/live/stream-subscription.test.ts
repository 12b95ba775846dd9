import { expect, it } from 'vitest'
import { ada } from '../../test/database.js'
import { encodeFrame } from '../protocol/index.js'
import { Reader } from './reader.js'
import {
  createStreamSubscription,
  type EncodedChunk,
  type StreamState,
} from './stream-subscription.js'

const createdAt = '2026-11-22T10:00:00.000Z'
const watch = { job: 'j', stream: 'output' }

function chunk(seq: number): EncodedChunk {
  const data = { ...watch, seq, createdAt, step: null, values: [seq] }
  return { seq, frame: encodeFrame({ event: 'chunk', data }) }
}

it('G-15: tells the end again when the job has been retried and has ended in the same way unseen', () => {
  const reader = new Reader(
    { principal: ada, watched: new Set(), hello: () => chunk(0).frame, tell: () => undefined },
    { versions: {}, windowTags: [] },
  )
  const state: StreamState = {
    id: watch.job,
    stream: watch.stream,
    job: { tenantId: 'acme', ownerId: 'ada', visibility: 'owner', status: 'failed', createdAt },
    head: 1,
    tail: [chunk(1)],
    tailFrom: 0,
  }
  const { take } = createStreamSubscription({ reader, watch, state, needPage: () => undefined })
  const events = (): string[] => take().map(({ event }) => event)
  expect(events()).toEqual(['chunk', 'end'])
  expect(events()).toEqual([])
  state.tail.push(chunk(2), chunk(3))
  state.head = 3
  expect(events()).toEqual(['chunk', 'chunk', 'end'])
})
