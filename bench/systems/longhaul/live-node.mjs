import { setTimeout as delay } from 'node:timers/promises'
import { defineJob } from 'longhaul'
import { answerQuestions } from '../../harness/answer.mjs'
import { wallMs } from '../../harness/clock.mjs'
import { anything } from './open-app.mjs'
import { serve } from './serve.mjs'

const stopped = new Set()

/** Changes now and then until it is stopped; each change says when it was made. */
const tick = defineJob('tick', {
  input: anything,
  result: anything,
  timeout: '1h',
  async run({ input, job, progress }) {
    await delay(Math.random() * input.everyMs)
    while (!stopped.has(job.id)) {
      progress(50, String(wallMs()))
      await delay(input.everyMs)
    }
  },
})

const { port, begin } = await serve(tick)
answerQuestions(
  { port },
  {
    change: async ({ jobs, everyMs }) => ({ ids: await begin(jobs, { everyMs }) }),
    stop({ ids }) {
      for (const id of ids) stopped.add(id)
    },
  },
)
