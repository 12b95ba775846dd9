import { MockLanguageModelV3 } from 'ai/test'
import { expect, it } from 'vitest'
import { ada } from '../../test/database.js'
import { testEngine, testJob } from '../../test/engine.js'
import { generateTextStep } from './generate-text-step.js'

it('asks the model once, however often the job is tried', async () => {
  let calls = 0
  const model = new MockLanguageModelV3({
    doGenerate: async () => {
      calls += 1
      return {
        content: [{ type: 'text', text: `answer ${calls}` }],
        finishReason: { unified: 'stop', raw: 'stop' },
        usage: {
          inputTokens: { total: 7, noCache: 7, cacheRead: undefined, cacheWrite: undefined },
          outputTokens: { total: 3, text: 3, reasoning: undefined },
        },
        warnings: [],
      }
    },
  })
  const engine = await testEngine([
    testJob('write', async ({ step, signal, job }) => {
      const written = await generateTextStep({ step, signal }, 'write', { model, prompt: 'Hello?' })
      if (job.attempt === 1) throw new Error('crashed after the call')
      return written
    }),
  ])
  await engine.startWorker()
  const id = await engine.enqueue('write')
  expect(await engine.until(id, 'completed')).toMatchObject({
    attempt: 2,
    result: { text: 'answer 1', inputTokens: 7, outputTokens: 3 },
  })
  expect(calls).toBe(1)
  expect(await engine.jobs.steps(ada, id)).toMatchObject([{ key: 'write', runs: 1 }])
})
