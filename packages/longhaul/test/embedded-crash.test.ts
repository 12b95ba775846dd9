import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { findPlaces } from '../src/postgres/embedded/places.js'
import { makeTemporaryDirectory } from '../src/postgres/index.js'
import { createLonghaul, type Longhaul } from '../src/server/index.js'
import { type AppProcess, startApp } from './chaos/app-process.js'
import { ada } from './database.js'
import { silent, testJob } from './engine.js'
import { chooseBy } from './interleave/explore.js'
import { isLong, replay, seed } from './seed.js'

const kills = isLong ? 30 : 5

it(
  'F41, G-01: keeps what was acknowledged when the app and its embedded Postgres are killed, also while the data directory is made',
  { timeout: isLong ? 1_200_000 : 120_000 },
  async () => {
    const directory = await makeTemporaryDirectory('longhaul-embedded-')
    onTestFinished(() => directory.remove())
    const choose = chooseBy(seed)
    const acknowledged: string[] = []

    for (let n = 0; n < kills; n += 1) {
      // The first ones are killed while they make the data directory.
      const killAfterMs = n < 2 ? choose(900) : undefined
      const starting = startApp({ dataDirectory: directory.path }, { killAfterMs })
      const app = await starting.catch(() => undefined)
      if (app === undefined) continue
      const asking = enqueueUntilGone(app, acknowledged)
      await delay(choose(400))
      if (choose(2) === 0) await killServer(directory.path)
      app.kill('SIGKILL')
      await asking
    }

    const app = createLonghaul({
      jobs: [testJob('noop', ({ input }) => input)],
      dataDirectory: directory.path,
      authenticate: () => ada,
      logger: silent,
    }) as unknown as Longhaul
    onTestFinished(() => app.stop({ graceMs: 0 }))
    await app.start()
    const title = `${replay}: ${acknowledged.length} acknowledged, ${kills} kills`
    for (const id of acknowledged)
      expect((await app.jobs.get(ada, id)).status, title).toBe('queued')
    expect(acknowledged.length, title).toBeGreaterThan(0)
  },
)

async function enqueueUntilGone(app: AppProcess, acknowledged: string[]): Promise<void> {
  let isGone = false
  void app.gone.then(() => (isGone = true))
  while (!isGone) {
    const id = await app.enqueue('noop', {})
    if (id !== undefined) acknowledged.push(id)
  }
}

/** Only its first process, as the kernel does that has no memory left: the others end when they find out. */
async function killServer(directory: string): Promise<void> {
  const { dataDirectory } = await findPlaces(directory)
  const [pid] = (await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8')).split('\n')
  process.kill(Number(pid), 'SIGKILL')
}
