// A process of an app that is upgraded: it enqueues what its parent asks for, and works. It uses only
// what the version before has, too.
import pg from 'pg'
import { createLonghaul } from '../../dist/server/index.js'
import { defineJob } from '../../dist/core/index.js'

const { database, work = {} } = JSON.parse(process.env.CHAOS)
const effects = new pg.Pool({ ...database, max: 4 })
const any = { '~standard': { version: 1, vendor: 'any', validate: (value) => ({ value }) } }
const principal = { tenantId: 'acme', userId: 'ada', roles: [] }

const stepped = defineJob('stepped', {
  input: any,
  result: any,
  retry: { attempts: 20, minDelay: 0 },
  async run({ input, step, job, progress }) {
    for (let n = 1; n <= input.steps; n += 1) {
      const values = [job.id, `step ${n}`, process.pid]
      await step(`step ${n}`, async () => {
        await effects.query(
          'insert into public.effects (job_id, name, pid) values ($1, $2, $3)',
          values,
        )
      })
      progress((100 * n) / input.steps)
    }
    return { pid: process.pid }
  },
})

const nothing = () => undefined
const logger = { debug: nothing, info: nothing, warn: nothing, error: nothing }
const longhaul = createLonghaul({ jobs: [stepped], database, authenticate: () => null, logger })

process.on('message', (message) => {
  if (message.stop !== undefined) void stop(message.stop)
  if (message.enqueue !== undefined) void enqueue(message.enqueue)
})

/** Without an id when it is not known whether it was done. */
async function enqueue({ number, type, input }) {
  const job = await longhaul.jobs.enqueue(type, input, { principal }).catch(() => undefined)
  process.send({ answered: { number, id: job?.id } })
}

async function stop(options) {
  await longhaul.stop(options)
  await effects.end()
  process.send({ stopped: true }, () => process.exit(0))
}

await longhaul.start()
await longhaul.work(work)
process.send({ ready: true })
