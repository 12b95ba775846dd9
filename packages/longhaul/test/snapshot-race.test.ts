import { expect, it } from 'vitest'
import { createClient, type LonghaulClient } from '../src/client/index.js'
import type { Json } from '../src/core/index.js'
import { ada, type TestDatabase } from './database.js'
import { deferred, testEngine, testJob } from './engine.js'
import { apiOf, asHeader } from './http.js'
import { type Choose, chooseBy } from './interleave/explore.js'
import { isLong, replay, seed } from './seed.js'

const rounds = isLong ? 50 : 5
const jobsPerRound = 20
const never = 3_600_000

it(
  'F34, G-11, G-15: nothing falls between what a reader is shown first and what comes then, wherever reads, changes and their hints meet',
  { timeout: isLong ? 600_000 : 90_000 },
  async () => {
    const choose = chooseBy(seed)
    const gates = new Map<string, ReturnType<typeof deferred<void>>>()
    const engine = await testEngine([
      testJob('told', async ({ job, stream, progress }) => {
        await gates.get(job.id)!.promise
        for (let word = 1; word <= 3; word += 1) {
          stream.write(word)
          if (choose(2) === 0) await stream.flush()
          progress(word * 25)
          await aWhile(choose)
        }
        return 'told'
      }),
    ])
    await engine.startWorker({ concurrency: jobsPerRound })
    // Nobody looks again without being told to.
    const { fetch } = apiOf({ ...engine, db: slow(engine.db, choose) }, {}, { healMs: never })

    for (let round = 0; round < rounds; round += 1)
      await Promise.all(Array.from({ length: jobsPerRound }, lookAtOne))

    /** What else a client asks for would have the server look again. */
    function newClient(): LonghaulClient {
      return createClient({
        url: 'http://localhost/api/longhaul',
        fetch(url, init) {
          const headers = { ...(init?.headers as Record<string, string>), ...asHeader(ada) }
          return fetch(new Request(url, { ...init, headers }))
        },
      })
    }

    /** At any time between its first change and long after its last one. */
    async function lookAtOne(): Promise<void> {
      const [client, reader] = [newClient(), newClient()]
      const id = client.newJobId()
      const gate = deferred()
      gates.set(id, gate)
      await engine.jobs.enqueue('told', {}, { principal: ada, id })
      void aWhile(choose).then(gate.resolve)
      await aWhile(choose)

      const job = client.job(id)
      const shown = (): unknown => job.getSnapshot().job?.version
      job.subscribe(() => undefined)
      const words: Json[] = []
      for await (const { values } of reader.readStream(id)) words.push(...values)
      const { version } = await engine.until(id, 'completed')
      const patience = performance.now() + 30_000
      while (shown() !== version && performance.now() < patience) await aWhile(choose)
      expect({ words, version: shown() }, replay).toEqual({ words: [1, 2, 3], version })
      client.close()
      reader.close()
    }
  },
)

/** Up to a tenth of a second, in which the hub reads several times. */
async function aWhile(choose: Choose): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, choose(100)))
}

/** Questions and answers that take their time, so that others overtake them. */
function slow(db: TestDatabase, choose: Choose): TestDatabase {
  return {
    ...db,
    async run(query) {
      if (choose(2) === 0) await aWhile(choose)
      const rows = await db.run(query)
      if (choose(2) === 0) await aWhile(choose)
      return rows
    },
  }
}
