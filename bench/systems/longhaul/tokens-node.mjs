import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { defineJob } from 'longhaul'
import { answerQuestions } from '../../harness/answer.mjs'
import { tokenOf } from '../../harness/tokens.mjs'
import { anything } from './open-app.mjs'
import { serve } from './serve.mjs'

/** Says its tokens one by one, and then waits: what has ended is read in another way. */
const talk = defineJob('talk', {
  input: anything,
  result: anything,
  timeout: '1h',
  async run({ input, stream, signal }) {
    for (let n = 1; n <= input.tokens; n += 1) {
      stream.write(tokenOf(n))
      await delay(input.everyMs)
    }
    if (!signal.aborted) await once(signal, 'abort')
  },
})

const { port, begin } = await serve(talk)
answerQuestions({ port }, { talk: async ({ streams, ...input }) => begin(streams, input) })
