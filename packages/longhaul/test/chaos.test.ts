import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createClient } from '../src/client/index.js'
import type { Job } from '../src/core/index.js'
import { makeTemporaryDirectory } from '../src/postgres/index.js'
import { createLonghaul } from '../src/server/index.js'
import { checkHistory } from './chaos/history.js'
import { chaosLab } from './chaos/lab.js'
import { startWitness } from './chaos/witness.js'
import { ada } from './database.js'
import { deferred, silent, testJob } from './engine.js'
import { chooseBy } from './interleave/explore.js'
import { replay, seed } from './seed.js'

const lease = { lease: '2s' }

describe('when processes die', { timeout: 60_000 }, () => {
  it('F1, G-05, G-07: goes on at the step where a worker was killed, and runs no finished step again', async () => {
    const lab = await chaosLab()
    const first = await lab.startApp(lease)
    const id = await lab.enqueue('stepped', { steps: 4, hold: 3 })
    await first.reached(`${id} step 3`)
    await lab.untilSteps(id, (steps) => steps.some(({ key }) => key === 'step 3'))
    first.kill('SIGKILL')
    await first.gone

    const second = await lab.startApp(lease)
    await second.reached(`${id} step 3`)
    second.release(`${id} step 3`)

    const job = await lab.until(id, 'completed')
    expect(job.result).toEqual({ pid: second.process.pid })
    expect(await lab.effects(id)).toEqual({ 'step 1': 1, 'step 2': 1, 'step 3': 1, 'step 4': 1 })
    const steps = await lab.app.jobs.steps(ada, id)
    expect(steps.map(({ key, runs }) => `${key}: ${runs}`)).toEqual([
      'step 1: 1',
      'step 2: 1',
      'step 3: 2',
      'step 4: 1',
    ])
  })

  it('F2, G-41: leaves nothing of a step in a transaction whose worker was killed before the commit', async () => {
    const lab = await chaosLab()
    const first = await lab.startApp(lease)
    const id = await lab.enqueue('bought')
    await first.reached(`${id} buy`)
    first.kill('SIGKILL')
    await first.gone

    const second = await lab.startApp(lease)
    await second.reached(`${id} buy`)
    second.release(`${id} buy`)
    expect((await lab.until(id, 'completed')).result).toBe(second.process.pid)
    expect(await lab.effects(id)).toEqual({ buy: 1 })
  })

  it('G-42: leaves nothing of a step in a transaction whose worker was stopped past its lease', async () => {
    const lab = await chaosLab()
    const zombie = await lab.startApp(lease)
    const id = await lab.enqueue('bought')
    await zombie.reached(`${id} buy`)
    zombie.kill('SIGSTOP')
    const second = await lab.startApp(lease)
    await second.reached(`${id} buy`)
    second.release(`${id} buy`)
    await lab.until(id, 'completed')

    zombie.release(`${id} buy`)
    zombie.kill('SIGCONT')
    await lab.untilNone(
      `select from pg_stat_activity where state = 'idle in transaction' and query like '%effects%'`,
      [],
    )
    await zombie.stop(0)
    expect(await lab.effects(id)).toEqual({ buy: 1 })
  })

  it('G-34: cleans up after a cancelled job though the process was killed in the middle of it', async () => {
    const lab = await chaosLab()
    const first = await lab.startApp(lease)
    const id = await lab.enqueue('booked')
    await lab.until(id, 'waiting')
    await lab.app.jobs.cancel({ principal: ada, id })
    await first.reached(`${id} run 1`)
    first.kill('SIGKILL')
    await first.gone
    await lab.query('update longhaul.cleanups set due_at = now()') // as after its timeout

    const second = await lab.startApp(lease)
    await second.reached(`${id} run 2`)
    second.release(`${id} run 2`)

    await lab.untilNone('select from longhaul.cleanups where job_id = $1', [id])
    expect(await lab.effects(id)).toEqual({ 'run 1': 1, 'run 2': 1, 'cleaned up': 1 })
  })

  it('F45, G-15: a reader of a stream whose worker is killed has every word once and in order', async () => {
    const lab = await chaosLab()
    const client = createClient({
      url: 'http://localhost/api/longhaul',
      fetch: (url, init) => lab.app.fetch(new Request(url, init)),
    })
    onTestFinished(() => client.close())
    const first = await lab.startApp(lease)
    const id = await lab.enqueue('spoken', { steps: 3, hold: 2 })
    let words: unknown[] = []
    let restarts = 0
    const reading = (async () => {
      for await (const { values, restarted } of client.readStream(id)) {
        if (restarted) restarts += 1
        words = restarted ? [...values] : [...words, ...values]
      }
    })()
    await first.reached(`${id} step 2`)
    first.kill('SIGKILL')
    await first.gone
    const second = await lab.startApp(lease)
    await second.reached(`${id} step 2`)
    second.release(`${id} step 2`)
    await reading

    const expected = [1, 2, 3].flatMap((n) =>
      Array.from({ length: 20 }, (_, word) => `${n}.${word}`),
    )
    expect(words).toEqual(expected)
    expect(restarts).toBe(1)
    const late: unknown[] = []
    for await (const { values } of client.readStream(id)) late.push(...values)
    expect(late).toEqual(expected)
  })

  it('F6, G-04, G-08: ignores what a worker writes that was stopped past its lease and woke up again', async () => {
    const lab = await chaosLab()
    const zombie = await lab.startApp(lease)
    const id = await lab.enqueue('stepped', { steps: 3, hold: 2 })
    await zombie.reached(`${id} step 2`)
    zombie.kill('SIGSTOP')

    const other = await lab.startApp(lease)
    await other.reached(`${id} step 2`)
    other.release(`${id} step 2`)
    const settled = await lab.until(id, 'completed')
    const steps = await lab.app.jobs.steps(ada, id)
    zombie.kill('SIGCONT')
    zombie.release(`${id} step 2`)
    // It works again, under a new id, and takes new jobs.
    await other.stop(0)
    const next = await lab.enqueue('noop', { n: 1 })
    await lab.until(next, 'completed')

    expect(await lab.until(id, 'completed')).toEqual(settled)
    expect(settled.result).toEqual({ pid: other.process.pid })
    expect(await lab.app.jobs.steps(ada, id)).toEqual(steps)
  })

  it('F5, G-19: hands a long job back at once when its worker is told to stop', async () => {
    const lab = await chaosLab()
    const first = await lab.startApp({ lease: '60s' })
    const id = await lab.enqueue('stepped', { steps: 2, hold: 2 })
    await first.reached(`${id} step 2`)
    await first.stop(100)
    expect(await lab.until(id, 'queued')).toMatchObject({ attempt: 0 })
    const second = await lab.startApp()
    await second.reached(`${id} step 2`)
    second.release(`${id} step 2`)
    expect(await lab.until(id, 'completed')).toMatchObject({ attempt: 1 })
    expect(await lab.effects(id)).toEqual({ 'step 1': 1, 'step 2': 1 })
  })

  it.each([
    ['kill', []],
    ['exit', []],
    ['abort', []],
    ['memory', ['--max-old-space-size=64']],
  ])(
    'F27, G-06, G-39: fails a job that ends its process by %s each time, and costs those beside it one attempt',
    { timeout: 120_000 },
    async (by, flags) => {
      const lab = await chaosLab()
      const ids = await Promise.all([1, 2].map(() => lab.enqueue('stepped', { steps: 2, hold: 2 })))
      const first = await lab.startApp(lease, { flags })
      await Promise.all(ids.map((id) => first.reached(`${id} step 2`)))
      const poison = await lab.enqueue('poison', { by })
      await first.gone
      // They begin together again, and die together: now they are let out one at a time.
      const second = await lab.startApp(lease, { flags })
      await second.gone

      const failed = lab.until(poison, 'failed')
      let hasFailed = false
      void failed.then(() => (hasFailed = true))
      while (!hasFailed) {
        const app = await lab.startApp(lease, { flags })
        for (const id of ids) app.release(`${id} step 2`)
        await Promise.race([app.gone, failed])
      }

      expect(await failed).toMatchObject({ attempt: 3, error: { code: 'attempts_exhausted' } })
      for (const id of ids) expect(await lab.until(id, 'completed')).toMatchObject({ attempt: 2 })
    },
  )
})

describe('when the database crashes under load', { timeout: 120_000 }, () => {
  it('F8, G-01, G-11: keeps every acknowledged job and settles it, and every client ends with what the database says', async () => {
    const lab = await chaosLab()
    await lab.startApp({ lease: '5s', concurrency: 20 })
    const witness = startWitness(lab)
    const choose = chooseBy(seed)
    const acknowledged = new Set<string>()
    let refused = 0
    let done = false
    async function enqueueUntilDone(): Promise<void> {
      while (!done) {
        try {
          acknowledged.add(await lab.enqueue('stepped', { steps: 2 }))
        } catch {
          refused += 1
        }
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }
    const load = Promise.all(Array.from({ length: 4 }, enqueueUntilDone))
    for (let crash = 0; crash < 10; crash += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100 + choose(400)))
      await lab.crashDatabase()
    }
    done = true
    await load

    const title = `${replay}, 10 crashes, ${refused} refused`
    await checkHistory(lab, { acknowledged, witness }, title)
    expect(acknowledged.size).toBeGreaterThan(50)
    expect(refused).toBeLessThan(acknowledged.size)
  })

  it('F10: keeps its running jobs when a process of the embedded server is killed', async () => {
    const directory = await makeTemporaryDirectory('longhaul-crash-')
    const gate = deferred()
    const app = createLonghaul({
      jobs: [testJob('once', () => gate.promise, { retry: { attempts: 1 } })],
      authenticate: () => ada,
      dataDirectory: directory.path,
      logger: silent,
    })
    onTestFinished(async () => {
      await app.stop({ graceMs: 0 })
      await directory.remove()
    })
    const { connection } = await app.start()
    await app.work()
    const { id } = await app.jobs.enqueue('once', {}, { principal: ada })
    const until = async (test: (job: Job) => boolean): Promise<Job> => {
      for (;;) {
        const job = await app.jobs.get(ada, id).catch(() => undefined)
        if (job !== undefined && test(job)) return job
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
    await until(({ status }) => status === 'running')
    const present = async (): Promise<number> => {
      const client = new pg.Client(connection)
      client.on('error', () => undefined)
      await client.connect()
      const { rows } = await client.query<{ pid: number }>(
        `select pid from pg_stat_activity where application_name = 'longhaul-presence'`,
      )
      await client.end()
      return rows[0]?.pid ?? 0
    }
    const before = await present()
    process.kill(before, 'SIGKILL')

    // The server recovers, and finding itself alone there must not cost this process's own worker its lease.
    for (let now = 0; now === 0 || now === before;) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      now = await present().catch(() => 0)
    }
    await until(({ status }) => status === 'running')
    gate.resolve()

    expect(await until(({ finishedAt }) => finishedAt !== null)).toMatchObject({
      status: 'completed',
      attempt: 1,
    })
  })
})
