import { byTransport, openReaders } from './by-transport.mjs'

/** All connections are lost at once, and each comes back at once: milliseconds until it has its job's state. */
export const works = byTransport({
  name: 'reconnect storm of 8,000',
  isHeadline: true,
  count: 8000,
  least: 100,
  async measure({ system, to, count }) {
    const node = await system.startNode()
    const readers = await openReaders({ to, node, count })
    const { ids } = await system.change({ jobs: 1000, everyMs: 3_600_000 })
    await readers.connect(ids)
    const [{ n, p50Ms, p99Ms, allMs }] = await readers.storm(ids)
    await readers.close()
    await node.close()
    return { n, p50Ms, p99Ms, allMs }
  },
})
