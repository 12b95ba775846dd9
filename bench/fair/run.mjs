// What a tenant's queue costs the others: how soon a job of another tenant starts while 100,000 of
// one wait, and what a claim costs with 10,000 tenants, beside the same jobs of one.
//   node bench/fair/run.mjs
import { createRequire } from 'node:module'
import { setTimeout as delay } from 'node:timers/promises'
import { defineJob } from 'longhaul'
import { createLonghaul } from 'longhaul/server'
import { startTestDatabase } from 'longhaul/testing'

// The very module that Longhaul's statements go through.
const pg = createRequire(import.meta.resolve('longhaul/server'))('pg')
const any = { '~standard': { version: 1, vendor: 'any', validate: (value) => ({ value }) } }
const piece = 1000
const of = (tenantId) => ({ principal: { tenantId, userId: 'bench', roles: [] } })
const sorted = (numbers) => [...numbers].sort((a, b) => a - b)

async function open(run) {
  const { database, stop } = await startTestDatabase()
  const work = defineJob('work', { input: any, result: any, run })
  const options = { jobs: [work], database, synchronousCommit: 'off', authenticate: () => null }
  const longhaul = createLonghaul(options)
  await longhaul.start()
  return {
    longhaul,
    async close() {
      await longhaul.stop({ graceMs: 0 })
      await stop()
    },
  }
}

/** `count` jobs, each of the tenant that `tenantOf` its number says. */
async function fill(longhaul, count, tenantOf) {
  for (let done = 0; done < count; done += piece) {
    const tenants = new Map()
    for (let n = done; n < done + piece; n += 1) {
      const tenant = tenantOf(n)
      tenants.set(tenant, (tenants.get(tenant) ?? 0) + 1)
    }
    await Promise.all(
      [...tenants].map(([tenant, jobs]) =>
        longhaul.jobs.enqueueMany(
          Array.from({ length: jobs }, () => ({ type: 'work', input: {} })),
          of(tenant),
        ),
      ),
    )
  }
}

async function startOfAnother() {
  const waiting = 100_000
  const starts = new Map()
  const { longhaul, close } = await open(async ({ input, signal }) => {
    starts.get(input.n)?.()
    await delay(20, undefined, { signal })
  })
  await fill(longhaul, waiting, () => 'big')
  await longhaul.work({ concurrency: 20 })
  await delay(500)
  const waits = []
  for (let n = 0; n < 100; n += 1) {
    const started = new Promise((resolve) => starts.set(n, resolve))
    const at = performance.now()
    await longhaul.jobs.enqueue('work', { n }, of('small'))
    await started
    waits.push(performance.now() - at)
    await delay(20)
  }
  await close()
  const ms = sorted(waits)
  return { work: 'another tenant starts', waiting, p50Ms: ms[50], p99Ms: ms[98], mostMs: ms[99] }
}

async function claims(tenants) {
  const count = 60_000
  let handled = 0
  const { longhaul, close } = await open(() => {
    handled += 1
    return null
  })
  await fill(longhaul, count, (n) => `t${n % tenants}`)
  const took = []
  const { query } = pg.Client.prototype
  pg.Client.prototype.query = function (statement, ...rest) {
    const answer = query.call(this, statement, ...rest)
    if (!statement.text?.includes('claims_ended')) return answer
    const at = performance.now()
    return answer.then((result) => {
      if (result.rowCount > 1) took.push((performance.now() - at) / result.rowCount)
      return result
    })
  }
  const begun = performance.now()
  await longhaul.work({ concurrency: 200 })
  while (handled < count) await delay(5)
  const perSecond = (1000 * count) / (performance.now() - begun)
  pg.Client.prototype.query = query
  await close()
  const claimMicroseconds = 1000 * sorted(took)[took.length >> 1]
  return { work: 'claim', tenants, perSecond, claimMicrosecondsPerJob: claimMicroseconds }
}

console.log(JSON.stringify(await startOfAnother()))
for (const tenants of [1, 10_000, 1, 10_000]) console.log(JSON.stringify(await claims(tenants)))
process.exit(0)
