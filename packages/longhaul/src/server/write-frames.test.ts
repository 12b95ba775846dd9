import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import type { FrameSource } from '../http/index.js'
import { writeFrames } from './write-frames.js'

/** Frames without end, and how many were asked for. */
function countedSource(last = Number.POSITIVE_INFINITY): FrameSource & {
  asked: number
  closed: boolean
} {
  const source = {
    asked: 0,
    closed: false,
    async next() {
      await new Promise(setImmediate)
      source.asked += 1
      return { chunks: [Buffer.from(`${source.asked}\n`)], last: source.asked >= last }
    },
    close: () => void (source.closed = true),
  }
  return source
}

it('asks for nothing more while the reader takes nothing', async () => {
  const outgoing = new PassThrough({ highWaterMark: 1 })
  const source = countedSource()
  const written = writeFrames(outgoing, source)
  // A write without room is waited out, however often the event loop turns.
  for (let turns = 0; turns < 50; turns += 1) await new Promise(setImmediate)
  const asked = source.asked
  expect(asked).toBeLessThan(5)

  outgoing.resume()
  while (source.asked < asked + 20) await new Promise(setImmediate)
  outgoing.destroy()
  await written
  expect(source.closed).toBe(true)
})

it('ends the answer after the last frame', async () => {
  const outgoing = new PassThrough()
  await writeFrames(outgoing, countedSource(3))
  expect((await outgoing.toArray()).join('')).toBe('1\n2\n3\n')
})

it('lets go of its source when the reader was gone before the first frame', async () => {
  const outgoing = new PassThrough()
  outgoing.destroy()
  const source = countedSource()
  await writeFrames(outgoing, source)
  expect(source.closed).toBe(true)
})
