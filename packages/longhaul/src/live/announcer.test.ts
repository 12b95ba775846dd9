import { expect, it } from 'vitest'
import { createAnnouncer } from './announcer.js'

it('tells all, a few hundred in a turn of the event loop, so that others have their turns', async () => {
  const tell = createAnnouncer()
  let told = 0
  const toldBetween: number[] = []
  for (let n = 0; n < 1200; n += 1) tell({ announce: () => (told += 1) })
  expect(told).toBe(0)
  while (told < 1200) {
    await new Promise(setImmediate)
    toldBetween.push(told)
  }
  expect(toldBetween.length).toBeGreaterThan(1)
  // Who has news while others are being told has its turn, too.
  tell({ announce: () => tell({ announce: () => (told += 1) }) })
  await expect.poll(() => told).toBe(1201)
})
