import { expect, it, vi } from 'vitest'
import { testDatabase } from '../../../test/database.js'
import { deaf, deferred } from '../../../test/engine.js'
import type { OwnDatabase, Query, StepPulse } from '../../postgres/index.js'
import { createPulse } from './pulse.js'
import { RunningJob } from './running-job.js'

const running: StepPulse = {
  key: 'plan',
  position: 1,
  status: 'running',
  runs: 1,
  attempt: 1,
  startedMsAgo: 200,
}
const completed: StepPulse = { ...running, status: 'completed', result: '4', finishedMsAgo: 0 }

it('G-05: stores a step that ended while its beginning, which somebody’s lock had held up, was sent again', async () => {
  const db = await testDatabase()
  await db.insertJob()
  await db.insertJob()
  const workerId = await db.registerWorker()
  const [job, other] = (await db.claim({ workerId })).map(
    (claimed) => new RunningJob(claimed, { workerId, claimNumber: 1 }),
  )
  const passedOver = deferred()
  const flying = deferred()
  const answer = deferred()
  let statements = 0
  const busy: OwnDatabase = {
    ...db,
    async run<Row>(query: Query<Row>) {
      if (!query.text.includes('received as')) return db.run(query).finally(passedOver.resolve)
      statements += 1
      // The first comes upon a lock; while the second is being answered the others meet.
      if (statements === 1) return []
      if (statements === 2) {
        flying.resolve()
        await answer.promise
      }
      return db.run(query)
    },
  }
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const pulse = createPulse(busy, deaf)
  const heldUp = pulse.storeStep(job!, running, { urgent: true })
  await passedOver.promise
  await new Promise(setImmediate)
  const elsewhere = pulse.storeStep(other!, completed, { urgent: true })
  await flying.promise
  const ended = pulse.storeStep(job!, completed, { urgent: true })
  vi.advanceTimersByTime(1000)
  vi.useRealTimers()
  answer.resolve()
  await Promise.all([heldUp, elsewhere, ended])

  const stored = 'select status, result from longhaul.steps where job_id = $1'
  expect(await db.query(stored, [job!.claimed.id])).toEqual([{ status: 'completed', result: 4 }])
})
