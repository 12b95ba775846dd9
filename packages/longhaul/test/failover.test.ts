import { expect, it, onTestFinished } from 'vitest'
import { createClient } from '../src/client/index.js'
import { startCluster } from './chaos/cluster.js'
import { checkHistory } from './chaos/history.js'
import { type Lab, makeEffects, openLab } from './chaos/lab.js'
import { startLoad } from './chaos/load.js'
import { chooseBy } from './interleave/explore.js'
import { isLong, replay, seed } from './seed.js'

const failovers = isLong ? 10 : 1

it(
  'G-01, G-05, G-11: loses nothing acknowledged when the primary dies and a standby takes its place, and every client ends with what that says',
  { timeout: isLong ? 1_800_000 : 180_000 },
  async () => {
    const cluster = await startCluster()
    await makeEffects(cluster.connection)
    const lab = await openLab(cluster.connection)
    const choose = chooseBy(seed)
    await Promise.all([1, 2].map(() => lab.startApp({ lease: '5s', concurrency: 20 })))
    const client = createClient({
      url: 'http://localhost/api/longhaul',
      fetch: (url, init) => lab.app.fetch(new Request(url, init)),
    })
    onTestFinished(() => client.close())
    const window = client.window({ scope: 'visible' }, 50)
    window.subscribe(() => undefined)
    const load = startLoad(lab.enqueue)
    const outages: number[] = []

    for (let n = 0; n < failovers; n += 1) {
      await load.acknowledges(20)
      const epoch = await epochOf(lab)
      // A machine without power closes no connection. Whoever waits for it finds out by waiting.
      if (isLong && choose(3) === 0) cluster.proxy.silence()
      const begun = performance.now()
      await cluster.failOver()
      await load.acknowledges(1)
      outages.push(Math.round(performance.now() - begun))
      await cluster.replaceDead()
      expect(await epochOf(lab)).not.toBe(epoch)
    }
    await load.stop()

    const title = `${replay}, ${failovers} failovers, ms until something was acknowledged again: ${outages.join(' ')}`
    await checkHistory(lab, { acknowledged: load.acknowledged }, title)
    for (;;) {
      const shown = window
        .getSnapshot()
        .jobs.map(({ id, version, status }) => ({ id, version, status }))
      const stored = await lab.query(
        'select id, version, status from longhaul.jobs order by created_at desc, id desc limit 50',
      )
      if (JSON.stringify(shown) === JSON.stringify(stored)) break
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  },
)

async function epochOf(lab: Lab): Promise<unknown> {
  for (;;) {
    const rows = await lab.query('select longhaul.epoch() as epoch').catch(() => [])
    if (typeof rows[0]?.['epoch'] === 'string') return rows[0]['epoch']
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
