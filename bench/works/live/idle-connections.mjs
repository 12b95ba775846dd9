import { rest } from '../../harness/clock.mjs'
import { byTransport, openReaders } from './by-transport.mjs'

/** Resident memory of the API node for each connection that watches a job of which nothing is heard. */
export const works = byTransport({
  name: 'idle connection',
  isHeadline: true,
  count: 15_000,
  least: 200,
  async measure({ system, to, count }) {
    const node = await system.startNode()
    const { ids } = await system.change({ jobs: 1, everyMs: 3_600_000 })
    const warm = await openReaders({ to, node, count: 100 })
    await warm.connect(ids)
    await warm.close()
    await rest(1000)
    const before = await node.ask({ ask: 'usage' })
    const readers = await openReaders({ to, node, count })
    await readers.connect(ids)
    await rest(2000)
    const { residentBytes } = await node.ask({ ask: 'usage' })
    await readers.close()
    await node.close()
    const bytes = (residentBytes - before.residentBytes) / readers.count
    return { n: readers.count, cost: bytes / 1024, unit: 'KB' }
  },
})
