import { describe, expect, it, onTestFinished } from 'vitest'
import { createClient, type LonghaulClient } from '../src/client/index.js'
import { type AppProcess, startApp } from './chaos/app-process.js'
import { chaosLab, type Lab } from './chaos/lab.js'
import { isLong } from './seed.js'

const readers = isLong ? 1000 : 100
const jobs = 10
const timeout = isLong ? 600_000 : 120_000

/** A process that answers requests and works at nothing. */
function startApi({ database }: Lab): Promise<AppProcess> {
  return startApp({ database }, { listen: true })
}

/** Who asks is led to the first of them that is alive, as a load balancer does. */
function clientOf(apis: readonly AppProcess[]): LonghaulClient {
  const dead = new Set<AppProcess>()
  for (const api of apis) void api.gone.then(() => dead.add(api))
  const client = createClient({
    url: 'http://api/api/longhaul',
    webSocket: false, // they are led by their requests
    fetch: (url, init) => {
      const { url: to } = apis.find((api) => !dead.has(api))!
      return fetch(url.replace('http://api/api/longhaul', to), init)
    },
  })
  onTestFinished(() => client.close())
  return client
}

interface Reading {
  words: readonly string[]
  readonly ended: Promise<void>
}

function read(client: LonghaulClient, id: string): Reading {
  async function toTheEnd(): Promise<void> {
    for await (const { values, restarted } of client.readStream(id))
      // Where the job has ended meanwhile its chunks are put together, and who has a part has all sent again.
      reading.words = [...(restarted ? [] : reading.words), ...values.map(String)]
  }
  const reading: Reading = { words: [], ended: Promise.resolve().then(toTheEnd) }
  return reading
}

describe('when a process that answers requests dies', { timeout }, () => {
  it('F4, G-11, G-15: each reader of a live stream goes on at another one, with every word once and in order', async () => {
    const lab = await chaosLab()
    const [first, second] = await Promise.all([startApi(lab), startApi(lab)])
    const worker = await lab.startApp({ concurrency: jobs })
    const ids = await Promise.all(
      Array.from({ length: jobs }, () => lab.enqueue('spoken', { steps: 3, hold: 2 })),
    )
    const readings = Array.from({ length: readers }, (_, n) =>
      read(clientOf([first, second]), ids[n % jobs]!),
    )
    for (const id of ids) await worker.reached(`${id} step 2`)
    // In the middle of the second of three steps of twenty words.
    while (readings.some(({ words }) => words.length < 30))
      await new Promise((resolve) => setTimeout(resolve, 20))

    first.kill('SIGKILL')
    for (const id of ids) worker.release(`${id} step 2`)
    await Promise.all(readings.map(({ ended }) => ended))

    const all = [1, 2, 3].flatMap((n) => Array.from({ length: 20 }, (_, word) => `${n}.${word}`))
    expect([...new Set(readings.map(({ words }) => words.join(' ')))]).toEqual([all.join(' ')])
  })
})

describe('when a process is frozen between two requests', { timeout }, () => {
  it('F43, G-04, G-11: it answers the next one, though its connections were closed meanwhile, and keeps no job from others', async () => {
    const lab = await chaosLab()
    const before = await connectionsOf(lab)
    const frozen = await lab.startApp({ lease: '2s' }, { listen: true })
    const other = await startApi(lab)
    const job = async (id: string): Promise<Response> => fetch(`${frozen.url}/jobs/${id}`)
    const early = await lab.enqueue('noop', { n: 1 })
    await lab.until(early, 'completed')
    expect((await job(early)).status).toBe(200)

    frozen.kill('SIGSTOP')
    await lab.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> all($1) and pid <> pg_backend_pid()',
      [before],
    )
    const late = await lab.enqueue('noop', { n: 2 })
    const helper = await lab.startApp({ lease: '2s' })
    await lab.until(late, 'completed')
    await helper.stop(0)
    await other.stop(0)
    frozen.kill('SIGCONT')

    let answer = await job(late)
    while (answer.status === 503) answer = await job(late)
    expect(await answer.json()).toMatchObject({ id: late, status: 'completed', attempt: 1 })
    // It works again, under a new lease.
    await lab.until(await lab.enqueue('noop', { n: 3 }), 'completed')
  })
})

async function connectionsOf({ query }: Lab): Promise<unknown[]> {
  return (await query('select pid from pg_stat_activity')).map((row) => row['pid'])
}
