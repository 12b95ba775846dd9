import { describe, expect, it } from 'vitest'
import { ada, bob, grace } from '../../test/database.js'
import { createConnections } from './connections.js'

describe('live connections', () => {
  it('are as many as one caller and all together may have, and a place that is given back is free', () => {
    const connections = createConnections({ perCaller: 2, total: 3 })
    const leave = connections.open(ada)
    connections.open(ada)
    expect(() => connections.open(ada)).toThrow(/The caller has 2/)
    connections.open(bob)
    expect(() => connections.open(grace)).toThrow(/This server has 3/)
    leave()
    // A second time it gives back nothing: that would be somebody else's.
    leave()
    expect(connections.hasRoomFor(ada)).toBe(true)
    connections.open(grace)
    expect(connections.hasRoomFor(ada)).toBe(false)
  })

  it('are no more once the process is about to stop', () => {
    const connections = createConnections()
    const leave = connections.open(ada)
    connections.close()
    leave()
    expect(connections.hasRoomFor(ada)).toBe(false)
    expect(() => connections.open(bob)).toThrow(/about to stop/)
  })

  it('come back over a time that grows with their number, and at once when they are few', () => {
    const connections = createConnections({ perCaller: 5000 })
    for (let n = 0; n < 100; n += 1) connections.open(ada)
    expect(connections.advice()).toEqual({})
    for (let n = 0; n < 3900; n += 1) connections.open(ada)
    expect(connections.advice()).toEqual({ spreadMs: 4000 })
  })
})
