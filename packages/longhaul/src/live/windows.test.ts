import { expect, it, onTestFinished } from 'vitest'
import { ada } from '../../test/database.js'
import { deferred, testEngine, testJob } from '../../test/engine.js'
import { apiOf } from '../../test/http.js'
import type { Hint } from '../postgres/index.js'

const count = 20

it('windows are looked at again a few at a time, and one that has changed waits for none of them', async () => {
  const engine = await testEngine([testJob('noop', () => null)])
  let held = Promise.resolve()
  let lists = 0
  let atOnce = 0
  let mostAtOnce = 0
  const jobs: typeof engine.jobs = {
    ...engine.jobs,
    async list(query) {
      lists += 1
      atOnce += 1
      mostAtOnce = Math.max(mostAtOnce, atOnce)
      await held
      const page = await engine.jobs.list(query)
      atOnce -= 1
      return page
    },
  }
  const listeners = new Set<(hint: Hint) => void>()
  const hints = {
    ...engine.hints,
    subscribe(listener: (hint: Hint) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  const hear = (hint: Hint): void => listeners.forEach((listener) => listener(hint))
  const { hub } = apiOf(engine, {}, { jobs, hints, healMs: 3_600_000 })
  const watches = Array.from({ length: count }, (_, n) => ({ key: `${n}`, jobs: {}, limit: n + 1 }))
  const { ready, close } = await hub.watch(ada, { watches })
  onTestFinished(close)
  await ready()
  expect(lists).toBe(count)

  mostAtOnce = 0
  hear({ everything: true })
  await expect.poll(() => lists).toBe(2 * count)
  expect(mostAtOnce).toBeLessThanOrEqual(2)
  await expect.poll(() => atOnce).toBe(0)

  const release = deferred()
  held = release.promise
  hear({ everything: true })
  await expect.poll(() => lists).toBe(2 * count + 2)
  const id = await engine.enqueue('noop')
  hear({ jobs: [{ tenantId: 'acme', id }] })
  await expect.poll(() => lists).toBe(3 * count)
  release.resolve()
  // The two had begun before the job was there.
  await expect.poll(() => lists).toBe(3 * count + 2)
})
