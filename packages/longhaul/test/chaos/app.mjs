// A process of an app, for tests that kill, stop and starve real processes. It runs the built
// package, does what its parent says, and tells it what happens.
import pg from 'pg'
import { createLonghaul } from '../../dist/server/index.js'
import { defineJob } from '../../dist/core/index.js'
import { fromPg } from '../../dist/transactions/from-pg.js'

const { database, work = {}, types } = JSON.parse(process.env.CHAOS ?? '{}')
// As an app should: a handler must not wait for ever for a database whose machine lost its power.
const effects = new pg.Pool({ ...database, max: 4, query_timeout: 5000 })
effects.on('error', () => undefined)
const any = { '~standard': { version: 1, vendor: 'any', validate: (value) => ({ value }) } }
const released = new Set()
const waiting = new Map()

process.on('message', (message) => {
  if (message.release !== undefined) {
    released.add(message.release)
    waiting.get(message.release)?.()
  }
  if (message.stop !== undefined) void stop(message.stop)
})

/** Tell the parent that this place was reached, and go on when it says so. */
async function pause(place) {
  process.send({ reached: place })
  if (!released.has(place)) await new Promise((resolve) => waiting.set(place, resolve))
}

async function effect(job, name, client = effects) {
  await client.query('insert into public.effects (job_id, name, pid) values ($1, $2, $3)', [
    job.id,
    name,
    process.pid,
  ])
  return `${name} done`
}

/** Steps in a row; each leaves a row in the effects table. `hold` names the step in which to wait. */
const stepped = defineJob('stepped', {
  input: any,
  result: any,
  retry: { attempts: 20, minDelay: 0 },
  async run({ input, step, job, progress }) {
    for (let n = 1; n <= input.steps; n += 1) {
      await step(`step ${n}`, async () => {
        if (input.hold === n) await pause(`${job.id} step ${n}`)
        return effect(job, `step ${n}`)
      })
      progress((100 * n) / input.steps, `after step ${n}`)
    }
    return { pid: process.pid }
  },
})

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

/** Ends its process, each time. */
const poison = defineJob('poison', {
  input: any,
  result: any,
  retry: { attempts: 3, minDelay: 0 },
  run: () => process.kill(process.pid, 'SIGKILL'),
})

const longhaul = createLonghaul({
  jobs: [stepped, spoken, bought, booked, family, noop, poison],
  database,
  authenticate: () => null,
  logger: {
    debug: () => undefined,
    info: () => undefined,
    warn: (_details, message) => process.send?.({ warned: message }),
    error: (_details, message) => process.send?.({ failed: message }),
  },
})

async function stop({ graceMs }) {
  await longhaul.stop({ graceMs })
  await effects.end()
  process.send({ stopped: true }, () => process.exit(0))
}

await longhaul.start()
await longhaul.work({ ...work, types })
process.send({ ready: true })
