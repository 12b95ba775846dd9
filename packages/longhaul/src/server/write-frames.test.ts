import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import type { FrameOutlet, FrameSource } from '../http/index.js'
import { encodeFrame } from '../protocol/index.js'
import { writeFrames } from './write-frames.js'

interface CountedSource extends FrameSource {
  made: number
  closed: boolean
}

/** Frames for as long as there is room, up to the last one. */
function countedSource(last: number): CountedSource {
  let to: FrameOutlet
  const source: CountedSource = {
    made: 0,
    closed: false,
    flowTo(outlet) {
      to = outlet
      source.resume()
    },
    resume() {
      while (to.hasRoom() && source.made < last) {
        source.made += 1
        to.write([encodeFrame({ event: 'gone', data: { id: String(source.made) } })])
      }
      if (source.made === last) to.end()
    },
    close: () => void (source.closed = true),
  }
  return source
}

it('makes nothing more while the reader takes nothing, and goes on when it does', async () => {
  const outgoing = new PassThrough({ highWaterMark: 1 })
  const source = countedSource(50)
  writeFrames(outgoing, source)
  // A write without room is waited out, however often the event loop turns.
  for (let turns = 0; turns < 50; turns += 1) await new Promise(setImmediate)
  expect(source.made).toBeLessThan(5)

  const ids = (await outgoing.toArray()).join('').match(/(?<="id":")\d+/g)
  expect(ids).toEqual(Array.from({ length: 50 }, (_, n) => String(n + 1)))
})

it('lets go of its source when the reader has gone, also before the first frame', async () => {
  const outgoing = new PassThrough()
  const source = countedSource(5)
  writeFrames(outgoing, source)
  outgoing.destroy()
  await expect.poll(() => source.closed).toBe(true)

  const late = countedSource(5)
  writeFrames(outgoing, late)
  expect(late).toMatchObject({ closed: true, made: 0 })
})
