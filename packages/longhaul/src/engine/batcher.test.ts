import { describe, expect, it } from 'vitest'
import { LonghaulError } from '../core/index.js'
import { createBatcher } from './batcher.js'

/** An error as the server sends it. */
function serverError(code: string): Error {
  return Object.assign(new Error(code), { severity: 'ERROR', code })
}

const unavailable = new LonghaulError('database_unavailable', 'gone')

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

describe('a batcher', () => {
  it('sends all that was added in one turn together, and the rest while that is in the air', async () => {
    const batches: number[][] = []
    const gate = deferred()
    const batcher = createBatcher<number, number>({
      giveUpAfterMs: 1000,
      async run(items) {
        batches.push([...items])
        if (batches.length === 1) await gate.promise
        return items.map((n) => n * 10)
      },
    })
    const first = [batcher.add(1), batcher.add(2)]
    await new Promise(setImmediate)
    const second = [batcher.add(3), batcher.add(4), batcher.add(5)]
    gate.resolve()

    expect(await Promise.all([...first, ...second])).toEqual([10, 20, 30, 40, 50])
    expect(batches).toEqual([
      [1, 2],
      [3, 4, 5],
    ])
  })

  it('gives the one bad item its own error, and all others their answers', async () => {
    const batcher = createBatcher<number, number>({
      giveUpAfterMs: 1000,
      async run(items) {
        if (items.includes(377)) throw serverError('22P05')
        return items
      },
    })
    const outcomes = await Promise.allSettled(Array.from({ length: 500 }, (_, n) => batcher.add(n)))
    expect(outcomes.filter((outcome) => outcome.status === 'rejected')).toHaveLength(1)
    expect(outcomes[377]).toMatchObject({ status: 'rejected', reason: { code: '22P05' } })
  })

  it('lets the one item that waits for a lock wait alone', async () => {
    const gate = deferred()
    const done: number[] = []
    const batcher = createBatcher<number, number>({
      giveUpAfterMs: 1000,
      async run(items, alone) {
        if (!alone && items.includes(7)) throw serverError('55P03')
        if (alone) await gate.promise
        return items
      },
    })
    const adds = Array.from({ length: 20 }, async (_, n) => {
      await batcher.add(n)
      done.push(n)
    })
    await Promise.all(adds.filter((_, n) => n !== 7))
    expect(done).toHaveLength(19)
    gate.resolve()
    await adds[7]
    expect(done).toHaveLength(20)
  })

  it('sends an item again that was left out, without holding up the others', async () => {
    let tries = 0
    const batcher = createBatcher<string, string>({
      giveUpAfterMs: 1000,
      async run(items) {
        return items.map((item) => (item === 'locked' && (tries += 1) < 3 ? undefined : item))
      },
    })
    const locked = batcher.add('locked')
    expect(await batcher.add('free')).toBe('free')
    expect(await locked).toBe('locked')
    expect(tries).toBe(3)
  })

  it('sends the same items again when the connection was lost', async () => {
    const batches: string[][] = []
    const batcher = createBatcher<string, string>({
      giveUpAfterMs: 5000,
      async run(items) {
        batches.push([...items])
        if (batches.length < 3) throw unavailable
        return items
      },
    })
    expect(await Promise.all([batcher.add('a'), batcher.add('b')])).toEqual(['a', 'b'])
    expect(batches).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ])
  })

  it('gives up on an item whose outcome stays unknown for too long', async () => {
    const batcher = createBatcher<string, string>({
      giveUpAfterMs: 30,
      run: () => Promise.reject(unavailable),
    })
    await expect(batcher.add('a')).rejects.toMatchObject({ code: 'database_unavailable' })
  })

  it('lets items that are not urgent travel together', async () => {
    const departures: number[] = []
    const batcher = createBatcher<number, number>({
      giveUpAfterMs: 1000,
      lazyMs: 30,
      async run(items) {
        departures.push(performance.now())
        return items
      },
    })
    const begun = performance.now()
    const adds: Promise<number>[] = []
    while (performance.now() - begun < 150) {
      adds.push(batcher.add(1, { urgent: false }))
      await new Promise(setImmediate)
    }
    await Promise.all(adds)
    expect(departures.length).toBeLessThan(adds.length / 2)
    departures.length = 0
    await Promise.all([batcher.add(1, { urgent: false }), batcher.add(1)])
    expect(departures).toHaveLength(1) // with one that is urgent, at once
  })

  it('never makes a statement larger than its limit', async () => {
    const sizes: number[] = []
    const batcher = createBatcher<number, number>({
      giveUpAfterMs: 1000,
      sizeOf: (megabytes) => megabytes * 1_048_576,
      async run(items) {
        sizes.push(items.reduce((sum, item) => sum + item, 0))
        return items
      },
    })
    await Promise.all([5, 5, 5, 1, 1, 20].map((size) => batcher.add(size)))
    expect(sizes).toEqual([5, 5, 7, 20])
  })

  it('says when everything has been answered', async () => {
    const batcher = createBatcher<number, number>({
      giveUpAfterMs: 1000,
      run: async (items) => items,
    })
    let answered = 0
    for (let n = 0; n < 3; n += 1) void batcher.add(n).then(() => (answered += 1))
    await batcher.idle()
    await Promise.resolve()
    expect(answered).toBe(3)
  })
})
