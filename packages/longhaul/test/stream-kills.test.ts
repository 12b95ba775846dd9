import { isDeepStrictEqual } from 'node:util'
import { WebSocket } from 'ws'
import { expect, it, onTestFinished } from 'vitest'
import {
  type ClientOptions,
  createClient,
  type LonghaulClient,
  type WebSocketConstructor,
} from '../src/client/index.js'
import { type AppProcess, startApp } from './chaos/app-process.js'
import { chaosLab, type Lab } from './chaos/lab.js'
import { startProxy } from './chaos/proxy.js'
import { chooseBy } from './interleave/explore.js'
import { isLong, replay, seed } from './seed.js'

const kills = isLong ? 500 : 6
const workers = 3
const streamsAtOnce = 6
const told = { steps: 2, words: 15 }

interface Word {
  readonly part: number
  readonly word: number
  readonly run: string
}

it(
  'F45, G-15: every reader of every stream has each word once and in order, whatever connections and producers were killed meanwhile',
  { timeout: isLong ? 1_800_000 : 180_000 },
  async () => {
    const lab = await chaosLab()
    const choose = chooseBy(seed)
    const { clients, killConnections } = await startReaders(lab)
    const producers = await startProducers(lab, choose)
    let isOver = false
    let wasRead = (): void => undefined
    let hasEnded = (): void => undefined
    const wrong: string[] = []
    const seen = { streams: 0, words: 0, restarts: 0 }

    async function read(client: LonghaulClient, id: string): Promise<unknown[]> {
      let words: unknown[] = []
      for await (const { values, restarted } of client.readStream(id)) {
        if (restarted) seen.restarts += 1
        words = restarted ? [...values] : [...words, ...values]
        wasRead()
      }
      return words
    }

    async function tellAndRead(): Promise<void> {
      while (!isOver) {
        const id = await lab.enqueue('told', told)
        const readings = await Promise.all(clients.map((client) => read(client, id)))
        const stored = await storedWords(lab, id)
        if (!isWhole(stored)) wrong.push(`${id} is stored as ${JSON.stringify(stored)}`)
        for (const [n, words] of readings.entries())
          if (!isDeepStrictEqual(words, stored))
            wrong.push(`${id} was read by ${n} as ${JSON.stringify(words)}`)
        seen.streams += 1
        seen.words += stored.length
        hasEnded()
      }
    }

    const telling = Promise.all(Array.from({ length: streamsAtOnce }, tellAndRead))
    for (let kill = 0; kill < kills; kill += 1) {
      if (kill % 2 === 0) {
        await producers.killOne()
        // So that no job is lost more often than it may be.
        await new Promise<void>((resolve) => (hasEnded = resolve))
      } else {
        killConnections()
        await new Promise<void>((resolve) => (wasRead = resolve))
      }
    }
    isOver = true
    await telling
    await producers.allStarted()

    const [{ lost } = {}] = await lab.query(attemptsLost)
    const title = `${replay}, ${kills} kills`
    console.info(`${title}: ${JSON.stringify({ ...seen, readers: clients.length, lost })}`)
    expect(wrong, title).toEqual([])
    expect(lost).toBeGreaterThan(0)
  },
)

const attemptsLost = `
  select count(*)::int as lost from longhaul.jobs
  cross join jsonb_array_elements(attempts) as failure
  where failure->'error'->>'code' = 'worker_lost'`

/** Who reads by each transport, at a process that works at nothing, through connections that can be killed. */
async function startReaders(
  lab: Lab,
): Promise<{ readonly clients: LonghaulClient[]; killConnections(): void }> {
  const api = await startApp({ database: lab.database }, { listen: true })
  const { port, pathname } = new URL(api.url)
  const proxy = await startProxy({ host: '127.0.0.1', port: Number(port) })
  const url = `http://127.0.0.1:${proxy.port}${pathname}`
  const transports: Partial<ClientOptions>[] = [
    { webSocket: WebSocket as unknown as WebSocketConstructor },
    { webSocket: false },
    { live: false, pollMs: 200 },
  ]
  const clients = transports.map((transport) => createClient({ url, ...transport }))
  onTestFinished(() => {
    for (const client of clients) client.close()
  })
  return {
    clients,
    killConnections() {
      proxy.cut()
      proxy.restore()
    },
  }
}

interface Producers {
  /** Resolves when one that is in the middle of a stream is dead. */
  killOne(): Promise<void>
  /** Resolves when all are there that took the place of others. */
  allStarted(): Promise<unknown>
}

/** Processes that run jobs; one that is killed is replaced. */
async function startProducers(lab: Lab, choose: (count: number) => number): Promise<Producers> {
  const alive = new Map<number, AppProcess>()
  async function start(): Promise<void> {
    const app = await lab.startApp({ lease: '1s', concurrency: streamsAtOnce })
    alive.set(app.process.pid!, app)
  }
  const starting = Array.from({ length: workers }, start)
  await Promise.all(starting)
  return {
    allStarted: () => Promise.all(starting),
    async killOne() {
      for (;;) {
        const rows = await lab.query(producing)
        const pids = rows.map((row) => Number(row['pid'])).filter((pid) => alive.has(pid))
        const app = alive.get(pids[choose(pids.length)] ?? 0)
        if (app !== undefined) {
          alive.delete(app.process.pid!)
          app.kill('SIGKILL')
          await app.gone
          starting.push(start())
          return
        }
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
  }
}

const producing = `
  select distinct split_part(worker.name, ' ', -1) as pid
  from longhaul.jobs as job
  join longhaul.workers as worker on worker.id = job.worker_id
  where job.status = 'running'
    and exists (select from longhaul.stream_chunks as chunk where chunk.job_id = job.id)`

async function storedWords({ query }: Lab, id: string): Promise<Word[]> {
  const chunks = await query(
    'select content from longhaul.stream_chunks where job_id = $1 order by seq',
    [id],
  )
  return chunks.flatMap(({ content }) => content as Word[])
}

/** Every word of every part once and in order, and each part in one run. */
function isWhole(words: readonly Word[]): boolean {
  const parts = Array.from({ length: told.steps + 1 }, (_, n) => n + 1)
  const runs = new Map(words.map(({ part, run }) => [part, run]))
  const expected = parts.flatMap((part) =>
    Array.from({ length: told.words }, (_, word) => ({ part, word, run: runs.get(part) })),
  )
  return isDeepStrictEqual(words, expected)
}
