import { beforeEach, describe, expect, it, vi } from 'vitest'
import { SocketUnusable } from './open-socket.js'
import { StreamUnusable } from './open-stream.js'
import { createTransportLadder, type TransportLadder } from './transport-ladder.js'

const climbMs = 60_000

function ladderOf(options: { live?: boolean; hasSockets?: boolean } = {}): TransportLadder {
  return createTransportLadder({
    live: true,
    canStream: true,
    hasSockets: true,
    climbMs,
    upgradeAfterMs: 500,
    ...options,
  })
}

const refused = new TypeError('fetch failed')

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  return () => vi.useRealTimers()
})

describe('the ladder of transports', () => {
  it('begins with a stream, and takes a WebSocket once the server has said that it can', () => {
    const ladder = ladderOf()
    expect(ladder.best()).toBe('sse')
    ladder.worked('sse', true)
    expect(ladder.best()).toBe('websocket')
    expect(ladderOf({ live: false }).best()).toBe('poll')
  })

  it('tries a stream again as soon as a poll comes through, after a time in which nothing did', () => {
    const ladder = ladderOf()
    ladder.worked('sse', true)
    for (let n = 0; n < 3; n += 1) ladder.failed(refused, 0)
    expect(ladder.best()).toBe('poll')
    ladder.failed(refused, 0)
    ladder.worked('poll', true)
    expect(ladder.best()).toBe('sse')
    ladder.worked('sse', true)
    expect(ladder.socketDueInMs()).toBe(climbMs)
  })

  it('has given up WebSockets only where they are wanted', () => {
    for (const hasSockets of [true, false]) {
      const ladder = ladderOf({ hasSockets })
      for (let n = 0; n < 2; n += 1) ladder.failed(refused, 0)
      expect(ladder.hasGivenUpSocket()).toBe(hasSockets)
    }
  })

  it('leaves streams alone for a while once they have failed where polls do not', () => {
    const ladder = ladderOf()
    for (let n = 0; n < 3; n += 1) ladder.failed(refused, 0)
    ladder.worked('poll', false)
    ladder.failed(refused, 0)
    expect(ladder.best()).toBe('poll')
    ladder.worked('poll', false)
    expect(ladder.best()).toBe('poll')
    vi.advanceTimersByTime(climbMs + 1)
    expect(ladder.best()).toBe('sse')
    ladder.failed(refused, 0)
    expect(ladder.best()).toBe('poll')
  })

  it('goes down at once when a transport itself says that it does not get through', () => {
    const ladder = ladderOf()
    ladder.worked('sse', true)
    expect(ladder.failed(new SocketUnusable('closed'), 0)).toBe(true)
    expect(ladder.best()).toBe('sse')
    expect(ladder.failed(new StreamUnusable('held back'), 0)).toBe(true)
    ladder.worked('poll', true)
    expect(ladder.best()).toBe('poll')
    ladder.reset()
    expect(ladder.best()).toBe('websocket')
  })
})
