// The work that every system does: given its adapter, each returns what was measured.
import pg from 'pg'

const payload = (id) => ({
  id,
  email: 'someone@example.com',
  tags: ['a', 'b'],
  note: 'x'.repeat(40),
})

async function withCallers(count, callers, call) {
  let next = 0
  const caller = async () => {
    while (next < count) {
      const id = next
      next += 1
      await call(id)
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
}

async function timed(count, work) {
  const cpu = process.cpuUsage()
  const begun = performance.now()
  await work()
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { n: count, perSecond: count / seconds, cpuMicrosecondsPerJob: (user + system) / count }
}

function enqueueWith(callers, count) {
  return async ({ system }) => {
    await withCallers(500, callers, (id) => system.enqueue(payload(id)))
    return timed(count, () => withCallers(count, callers, (id) => system.enqueue(payload(id))))
  }
}

async function bulk({ system }) {
  const count = 30_000
  await system.bulk(Array.from({ length: 1000 }, (_, id) => payload(id)))
  return timed(count, async () => {
    for (let done = 0; done < count; done += 1000) {
      await system.bulk(Array.from({ length: 1000 }, (_, id) => payload(done + id)))
    }
  })
}

/** Until every job is finished in the database, not only handled. */
async function drain({ system, database }) {
  const count = 30_000
  for (let done = 0; done < count; done += 1000) {
    await system.bulk(Array.from({ length: 1000 }, (_, id) => payload(done + id)))
  }
  const client = new pg.Client(database)
  await client.connect()
  await client.query('vacuum analyze')
  let handled = 0
  const result = await timed(count, async () => {
    await system.work(() => (handled += 1))
    while (handled < count) await new Promise((resolve) => setTimeout(resolve, 5))
    while ((await client.query(system.pending)).rows[0].n > 0)
      await new Promise((resolve) => setTimeout(resolve, 5))
  })
  await client.end()
  return result
}

/** How long after its enqueue an idle worker's handler starts. */
async function latency({ system }) {
  const count = 200
  const waits = []
  let started = () => undefined
  await system.work(({ at }) => {
    if (at !== undefined) waits.push(performance.now() - at)
    started()
  })
  for (let n = 0; n < count + 20; n += 1) {
    const start = new Promise((resolve) => (started = resolve))
    await system.enqueue({ at: performance.now() })
    await start
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
  const sorted = waits.slice(20).sort((a, b) => a - b)
  return {
    n: sorted.length,
    p50Ms: sorted[Math.floor(sorted.length * 0.5)],
    p99Ms: sorted[Math.floor(sorted.length * 0.99)],
  }
}

export const works = {
  'enqueue, 1 caller': enqueueWith(1, 2000),
  'enqueue, 32 callers': enqueueWith(32, 6000),
  'bulk enqueue': bulk,
  drain,
  'idle: enqueue to start': latency,
}
