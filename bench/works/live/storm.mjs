import { rest } from '../../harness/clock.mjs'
import { byTransport, openReaders } from './by-transport.mjs'

const patienceMs = 30_000

/**
 * All connections are lost at once, and each comes back at once: milliseconds until it has its job's state. The jobs
 * end meanwhile, some before their readers are back and some after; who is never told of it has missed it.
 */
export const works = byTransport({
  name: 'reconnect storm of 8,000',
  isHeadline: true,
  count: 8000,
  least: 100,
  async measure({ system, to, count }) {
    const node = await system.startNode()
    const readers = await openReaders({ to, node, count })
    const { ids } = await system.change({ jobs: 1000, everyMs: 10_000 })
    await readers.connect(ids)
    const storm = readers.storm(ids)
    await system.stop(ids)
    const [{ n, p50Ms, p99Ms, allMs }] = await storm
    const missed = system.endsWhenStopped ? await whoMissed(readers) : undefined
    await readers.close()
    await node.close()
    return { n, p50Ms, p99Ms, allMs, missed }
  },
})

/** How many have not been told after all had time to be. */
async function whoMissed(readers) {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const unended = await readers.unended()
    if (unended === 0 || performance.now() > deadline) return unended
    await rest(200)
  }
}
