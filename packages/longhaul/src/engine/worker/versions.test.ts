import { expect, it } from 'vitest'
import { ada, grace } from '../../../test/database.js'
import { testEngine, testJob } from '../../../test/engine.js'
import { countUnhandled } from '../../postgres/index.js'

const version = (number: number): ReturnType<typeof testJob> =>
  testJob('index_document', () => number, { version: number })

it('a worker takes only the versions that it has, and those that nobody has are seen', async () => {
  const engine = await testEngine([version(3)])
  const old = await engine.startWorker({ definitions: [version(2), testJob('other', () => null)] })
  const id = await engine.enqueue('index_document')

  const unhandled = [{ type: 'index_document', version: 3, jobs: 1 }]
  expect(await engine.queues.unhandled(ada)).toEqual(unhandled)
  expect(await engine.queues.unhandled(grace)).toEqual([])
  expect(await engine.db.run(countUnhandled())).toEqual([{ unhandled: 1 }])
  expect((await engine.job(id)).status).toBe('queued')

  await engine.startWorker()
  expect(await engine.until(id, 'completed')).toMatchObject({ result: 3, typeVersion: 3 })
  await old.stop()
  await engine.jobs.enqueue('index_document', {}, { principal: ada, delay: '1d' })
  expect(await engine.queues.unhandled(ada)).toEqual([]) // a worker has them, and one is not due
})

it('a worker of a version that does not say what it has may have anything', async () => {
  const engine = await testEngine([version(3)])
  await engine.enqueue('index_document')
  expect(await engine.queues.unhandled(ada)).toHaveLength(1)
  const workerId = await engine.db.registerWorker()
  await engine.db.query('update longhaul.workers set handles = null where id = $1', [workerId])

  expect(await engine.queues.unhandled(ada)).toEqual([])

  await engine.db.expireLease(workerId)
  expect(await engine.queues.unhandled(ada)).toHaveLength(1)
})
