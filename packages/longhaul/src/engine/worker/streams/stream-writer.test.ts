import { expect, it } from 'vitest'
import { testEngine } from '../../../../test/engine.js'
import { RunningJob } from '../running-job.js'
import { createStreamWriter } from './stream-writer.js'

it('G-07, G-15: tells two claims of one job apart, whose writes go out together', async () => {
  const { db, hints } = await testEngine([])
  await db.insertJob()
  const workerId = await db.registerWorker()
  const [claimed] = await db.claim({ workerId })
  await db.query('update longhaul.jobs set fence = fence + 1, version = version + 1')
  const writer = createStreamWriter(db, hints)
  const leftBehind = new RunningJob(claimed!, { workerId, claimNumber: 1 })
  const next = new RunningJob(
    { ...claimed!, fence: claimed!.fence + 1 },
    { workerId, claimNumber: 2 },
  )
  const chunk = (seq: number) => [{ stream: 'output', seq, content: '["word"]' }]
  for (const [seq, jobs] of [
    [1, [leftBehind, next]],
    [2, [next, leftBehind]],
  ] as const) {
    const answers = await Promise.allSettled(
      jobs.map((job) => writer.write(job, chunk(seq), { urgent: true })),
    )
    expect(answers.map(({ status }) => status)).toEqual(
      jobs.map((job) => (job === next ? 'fulfilled' : 'rejected')),
    )
  }
  expect(next.isClosed()).toBe(false)
  expect(await db.query('select seq from longhaul.stream_chunks order by seq')).toEqual([
    { seq: 1 },
    { seq: 2 },
  ])
})
