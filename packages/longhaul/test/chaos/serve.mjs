// A process of an app: it runs the built package, enqueues what its parent asks for, works, and says what happens.
// It uses only what the version before has, too: the test of upgrades runs it on that one.
import { createServer } from 'node:http'
import pg from 'pg'
import { attachWebSocket, createLonghaul, toNodeListener } from '../../dist/server/index.js'
import { defineJob } from '../../dist/core/index.js'

const { database, dataDirectory, work, types, listen } = JSON.parse(process.env.CHAOS ?? '{}')
// As an app should: a handler must not wait for ever for a database whose machine lost its power.
export const effects = new pg.Pool({ ...database, max: 4, query_timeout: 5000 })
effects.on('error', () => undefined)
export const any = {
  '~standard': { version: 1, vendor: 'any', validate: (value) => ({ value }) },
}
const principal = { tenantId: 'acme', userId: 'ada', roles: [] }
const released = new Set()
const waiting = new Map()

/** Tell the parent that this place was reached, and go on when it says so. */
export async function pause(place) {
  process.send({ reached: place })
  if (!released.has(place)) await new Promise((resolve) => waiting.set(place, resolve))
}

export async function effect(job, name, client = effects) {
  await client.query('insert into public.effects (job_id, name, pid) values ($1, $2, $3)', [
    job.id,
    name,
    process.pid,
  ])
  return `${name} done`
}

/** Steps in a row; each leaves a row in the effects table. `hold` names the step in which to wait. */
export const stepped = defineJob('stepped', {
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

/** Be an app with these job types, until the parent says stop. */
export async function serve(jobs) {
  const longhaul = createLonghaul({
    jobs,
    database,
    dataDirectory,
    authenticate: () => (listen ? principal : null),
    ...(listen && { connections: { perCaller: 5000 } }),
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (_details, message) => process.send?.({ warned: message }),
      error: (_details, message) => process.send?.({ failed: message }),
    },
  })

  /** Without an id when it is not known whether it was done. */
  async function enqueue({ number, type, input }) {
    const job = await longhaul.jobs.enqueue(type, input, { principal }).catch(() => undefined)
    process.send({ answered: { number, id: job?.id } })
  }

  async function stop({ graceMs }) {
    await longhaul.stop({ graceMs })
    await effects.end()
    process.send({ stopped: true }, () => process.exit(0))
  }

  process.on('message', (message) => {
    if (message.release !== undefined) {
      released.add(message.release)
      waiting.get(message.release)?.()
    }
    if (message.enqueue !== undefined) void enqueue(message.enqueue)
    if (message.stop !== undefined) void stop(message.stop)
  })
  await longhaul.start()
  if (work !== undefined) await longhaul.work({ ...work, types })
  if (listen) {
    const server = createServer(toNodeListener(longhaul.fetch))
    attachWebSocket(server, longhaul)
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    process.send({ port: server.address().port })
  }
  process.send({ ready: true })
}
