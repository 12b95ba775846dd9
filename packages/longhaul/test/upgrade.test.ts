import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { startTestDatabase } from '../src/testing/index.js'
import { startApp } from './chaos/app-process.js'
import { checkHistory } from './chaos/history.js'
import { makeEffects, openLab } from './chaos/lab.js'
import { startLoad } from './chaos/load.js'
import { buildPrevious } from './chaos/previous-build.js'
import { startWitness } from './chaos/witness.js'
import { chooseBy } from './interleave/explore.js'
import { isLong, replay, seed } from './seed.js'

const thisVersion = fileURLToPath(new URL('chaos/upgraded-app.mjs', import.meta.url))
const work = { lease: '5s', concurrency: 20 }
const choose = chooseBy(seed)
/** How many are acknowledged before something else happens. */
const some = (): number => (isLong ? 40 : 8) + choose(isLong ? 20 : 4)

/**
 * The long run builds the version before the last migration from the repository's history. The
 * short one replaces a version by itself.
 */
it(
  'F36, G-23, G-01, G-05: loses nothing while a version takes the place of the one before, which works on as it migrates, and while that one is brought back',
  { timeout: isLong ? 600_000 : 120_000 },
  async () => {
    const previous = isLong ? await buildPrevious() : undefined
    const { database, stop } = await startTestDatabase()
    onTestFinished(stop)
    await makeEffects(database)
    const before = { work, file: previous?.app ?? thisVersion }
    const old = await Promise.all([1, 2].map(() => startApp({ database }, before)))
    const load = startLoad(old[0]!.enqueue)
    await load.acknowledges(some())

    // This one migrates, while the old ones enqueue and work.
    const lab = await openLab(database)
    const witness = startWitness(lab)
    const fresh = await startApp({ database }, { work, file: thisVersion })
    await load.acknowledges(some())
    load.askOf(fresh.enqueue)
    await load.acknowledges(some())

    // The old ones are replaced, and one of them is brought back.
    for (const app of old) await app.stop(2000)
    await load.acknowledges(some())
    const [last] = await lab.query(
      'select name, breaking from longhaul.migrations order by number desc limit 1',
    )
    const back = startApp({ database }, before)
    if (previous !== undefined && last!['breaking'] === true)
      await expect(back).rejects.toThrow('ended before it was ready')
    else {
      load.askOf((await back).enqueue)
      await fresh.stop(2000)
      await load.acknowledges(some())
    }
    await load.stop()
    expect(load.acknowledged.size).toBeGreaterThan(isLong ? 200 : 40)

    const title = previous === undefined ? 'itself' : `${String(last!['name'])}, ${previous.commit}`
    await checkHistory(
      lab,
      { acknowledged: load.acknowledged, witness },
      `${replay}: before and after ${title}`,
    )
  },
)
