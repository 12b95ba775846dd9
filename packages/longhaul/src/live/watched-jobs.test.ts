import { expect, it, onTestFinished, vi } from 'vitest'
import { ada } from '../../test/database.js'
import { testEngine, testJob } from '../../test/engine.js'
import { apiOf } from '../../test/http.js'
import type { Database } from '../postgres/index.js'

it('G-11: of the jobs that are looked at again only those are read that have changed unheard', async () => {
  const engine = await testEngine([testJob('noop', () => null)])
  let looks = 0
  const read: string[] = []
  const db: Database = {
    run(query) {
      if (query.text.includes('job.input')) read.push(JSON.stringify(query.values))
      else looks += 1
      return engine.db.run(query)
    },
  }
  const hints = { ...engine.hints, subscribe: () => () => undefined }
  const { hub } = apiOf(engine, {}, { db, hints, healMs: 50 })
  const [changing, same, gone] = [
    await engine.enqueue('noop'),
    await engine.enqueue('noop'),
    await engine.enqueue('noop'),
  ]
  const watches = [changing, same, gone].map((job) => ({ job }))
  const { reader, ready, close } = await hub.watch(ada, { watches })
  onTestFinished(close)
  await ready()
  reader.take()
  const looksBefore = looks
  read.length = 0
  await vi.waitFor(() => expect(looks).toBeGreaterThan(looksBefore + 2), { timeout: 20_000 })
  expect(read).toEqual([])
  expect(reader.hasNews()).toBe(false)

  await engine.jobs.cancel({ principal: ada, id: changing })
  await engine.jobs.cancel({ principal: ada, id: gone })
  await engine.jobs.delete(ada, gone)
  const frames: string[] = []
  await vi.waitFor(
    () => {
      frames.push(...reader.take().map(({ event, json }) => `${event} ${json}`))
      expect(frames).toContainEqual(expect.stringMatching(`^change .*${changing}.*cancelled`))
      expect(frames).toContainEqual(`gone {"id":"${gone}"}`)
    },
    { timeout: 20_000 },
  )
  expect(read.join()).not.toContain(same)
})

it('G-11: a hint that names what is no id keeps nobody from what is new', async () => {
  const engine = await testEngine([testJob('noop', () => null)])
  const { hub } = apiOf(engine)
  const id = await engine.enqueue('noop')
  const watches = [{ job: id }, { key: 'others', jobs: { status: ['failed' as const] } }]
  const { reader, ready, close } = await hub.watch(ada, { watches })
  onTestFinished(close)
  await ready()
  reader.take()
  engine.hints.send({ jobs: [{ tenantId: 'acme', id: 'x' }] })
  await engine.jobs.cancel({ principal: ada, id })
  const events: string[] = []
  await vi.waitFor(
    () => {
      events.push(...reader.take().map(({ event }) => event))
      expect(events).toContain('change')
    },
    { timeout: 20_000 },
  )
})
