// A process of an app with all kinds of jobs, for tests that kill, stop and starve real processes.
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { defineJob } from '../../dist/core/index.js'
import { fromPg } from '../../dist/transactions/from-pg.js'
import { any, effect, effects, pause, serve, stepped } from './serve.mjs'

/** Writes the words of each step to its stream, and waits in the middle of the step that `hold` names. */
const spoken = defineJob('spoken', {
  input: any,
  result: any,
  retry: { attempts: 20, minDelay: 0 },
  async run({ input, step, job, stream }) {
    for (let n = 1; n <= input.steps; n += 1) {
      await step(`step ${n}`, async () => {
        for (let word = 0; word < 20; word += 1) {
          stream.write(`${n}.${word}`)
          if (word % 5 === 0) await stream.flush()
          if (input.hold === n && word === 12) await pause(`${job.id} step ${n}`)
        }
      })
    }
    return { pid: process.pid }
  },
})

/** Says word after word, in steps and after them; each word tells which run of the handler said it. */
const told = defineJob('told', {
  input: any,
  result: any,
  retry: { attempts: 100, minDelay: 0 },
  async run({ input, step, stream }) {
    const run = randomUUID()
    async function say(part) {
      for (let word = 0; word < input.words; word += 1) {
        stream.write({ part, word, run })
        await delay(10)
      }
    }
    for (let n = 1; n <= input.steps; n += 1) await step(`step ${n}`, () => say(n))
    await say(input.steps + 1)
  },
})

/** Leaves a row in the transaction of its step, and waits before it is committed. */
const bought = defineJob('bought', {
  input: any,
  result: any,
  retry: { attempts: 20, minDelay: 0 },
  run: ({ step, job }) =>
    step('buy', { transaction: fromPg(effects) }, async (client) => {
      await effect(job, 'buy', client)
      await pause(`${job.id} buy`)
      return process.pid
    }),
})

/** Waits, and cleans up in two parts when it is cancelled: it pauses between them. */
const booked = defineJob('booked', {
  input: any,
  result: any,
  run: ({ waitForSignal }) => waitForSignal('paid'),
  async onCancel({ job, run }) {
    await effect(job, `run ${run}`)
    await pause(`${job.id} run ${run}`)
    await effect(job, 'cleaned up')
  },
})

/** Has children, which are stepped, and a step before and after them. */
const family = defineJob('family', {
  input: any,
  result: any,
  retry: { attempts: 20, minDelay: 0 },
  async run({ input, step, job, spawnAll }) {
    await step('before', () => effect(job, 'before'))
    const born = Array.from({ length: input.children }, () => ({
      job: stepped,
      input: { steps: 2 },
    }))
    await spawnAll(born)
    return step('after', () => effect(job, 'after'))
  },
})

const noop = defineJob('noop', { input: any, result: any, run: ({ input }) => input })

const deaths = {
  kill: () => process.kill(process.pid, 'SIGKILL'),
  exit: () => process.exit(1),
  abort: () => process.abort(),
  memory: () => Array.from({ length: 1e9 }, (_, n) => Array.from({ length: 1e6 }, () => n)),
}

/** Ends its process, each time, in the way that `by` says. */
const poison = defineJob('poison', {
  input: any,
  result: any,
  retry: { attempts: 3, minDelay: 0 },
  run: ({ input }) => deaths[input.by](),
})

await serve([stepped, spoken, told, bought, booked, family, noop, poison])
