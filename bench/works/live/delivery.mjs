import { rest } from '../../harness/clock.mjs'
import { byTransport, openReaders } from './by-transport.mjs'

const readersOfAll = 1000

function delivery({ name, jobs, everyMs, isByCpu }) {
  return byTransport({
    name,
    isHeadline: true,
    count: readersOfAll,
    least: 100,
    async measure({ system, to, count, seconds }) {
      const node = await system.startNode()
      const readers = await openReaders({ to, node, count })
      const { ids } = await system.change({ jobs: Math.min(jobs, count), everyMs })
      await readers.connect(ids)
      await rest(1000)
      await readers.reset()
      const from = await node.ask({ ask: 'usage' })
      await rest(seconds * 1000)
      const after = await node.ask({ ask: 'usage' })
      const [{ frames, ...ms }] = await readers.result()
      await system.stop(ids)
      await readers.close()
      await node.close()
      const byCpu = { perSecond: (1000 * frames) / (after.cpuMs - from.cpuMs) }
      return { ...ms, ...(isByCpu ? byCpu : {}) }
    },
  })
}

/**
 * From a change in the worker to its readers in another process, a thousand of them: the milliseconds while
 * little happens, and the frames that a CPU-second of the API node delivers while much does, to
 * readers of a job each and to readers of one.
 */
export const works = [
  delivery({ name: 'quiet, 100 changes/s', jobs: 1000, everyMs: 10_000 }),
  delivery({ name: 'scattered, frames a CPU-second', jobs: 1000, everyMs: 500, isByCpu: true }),
  delivery({ name: 'shared, frames a CPU-second', jobs: 1, everyMs: 50, isByCpu: true }),
].flat()
