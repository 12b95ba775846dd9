import { startBalancer } from '../../harness/balancer.mjs'
import { rest } from '../../harness/clock.mjs'
import { waits } from '../../harness/quantiles.mjs'

const everyMs = 3000
const atOnce = 100

/**
 * Watching a job while every three seconds something fails, in turn: a process of the API is killed
 * and started anew, all connections are cut, those that hints come on end. An attempt succeeds when within
 * ten seconds it shows what the database says, and does so again after it has stayed for up to four.
 */
export const works = [
  {
    name: '10,000 attempts to watch, with faults',
    kind: 'attempts',
    count: 10_000,
    least: 20,
    async measure({ system, count }) {
      const nodes = [await system.startNode(), await system.startNode()]
      const balancer = await startBalancer()
      balancer.leadTo(nodes)
      const { ids } = await system.change({ jobs: 100, everyMs: 1000 })
      const watchers = await system.startWatchers()
      const faults = [() => restartNode(system, nodes, balancer), balancer.cutAll, system.loseHints]
      let isOver = false
      let made = 0
      async function failNowAndThen() {
        while (!isOver) {
          await rest(everyMs)
          await faults[made % faults.length]()
          made += 1
        }
      }
      const failing = failNowAndThen()
      const question = { ask: 'attempt', port: balancer.port, ids, count, atOnce }
      const attempts = await watchers.ask(question)
      isOver = true
      await failing
      const taken = attempts.filter((ms) => ms !== null)
      await watchers.close()
      for (const node of nodes) await node.close()
      balancer.close()
      const slowestMs = Math.max(...taken)
      return {
        ...waits(taken),
        slowestMs,
        n: attempts.length,
        succeeded: taken.length,
        faults: made,
      }
    },
  },
]

/** The oldest is killed; until the new one is there, the other has all. */
async function restartNode(system, nodes, balancer) {
  const killed = nodes.shift()
  balancer.leadTo(nodes)
  await killed.close()
  nodes.push(await system.startNode())
  balancer.leadTo(nodes)
}
