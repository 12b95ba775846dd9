import { startChild } from '../../harness/child.mjs'

const file = new URL('../../harness/http-load.mjs', import.meta.url)

/** `pathOf` says what is asked for, or that the system does not have it; `withTags`, whether they say what they know. */
function reads({ name, count, pathOf, connections, everyMs = 0, withTags = () => false }) {
  return {
    name,
    kind: 'live',
    count: connections,
    least: 4,
    async measure({ system, meter, count: open, seconds }) {
      const path = pathOf(system)
      if (path === undefined) return undefined
      const node = await system.startNode()
      const { ids } = await system.change({ jobs: count, everyMs: 3_600_000 })
      const heads = ids.map((id) => headOf(path.replace('{id}', id), node, system))
      const load = await startChild(file, {})
      const connect = { ask: 'open', port: node.port, heads, withTags: withTags(system) }
      await load.ask({ ...connect, count: 4 })
      await load.ask({ ask: 'load', everyMs: 0, seconds: 1 })
      await load.ask({ ...connect, count: open })
      const from = await node.ask({ ask: 'usage' })
      const measured = await meter.around(async () => {
        const result = await load.ask({ ask: 'load', everyMs, seconds })
        const { cpuMs } = await node.ask({ ask: 'usage' })
        return { ...result, cpuSeconds: (cpuMs - from.cpuMs) / 1000 }
      })
      await load.close()
      await node.close()
      // How many come is given where they are paced, and what they take is measured.
      const paced = { perSecond: undefined, core: measured.cpuSeconds / seconds }
      return everyMs > 0 ? { ...measured, ...paced } : measured
    },
  }
}

function headOf(path, { port }, { headers = {} }) {
  const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers })
  return `GET ${path} HTTP/1.1\r\n${lines.map((line) => `${line.join(': ')}\r\n`).join('')}`
}

const status = (system) => system.status

/** Reads of a job's status by those who poll, and an answer that needs no database on the same framework. */
export const works = [
  reads({ name: 'status read, 200', count: 100, connections: 32, pathOf: status }),
  reads({
    name: 'status read, 304',
    count: 100,
    connections: 32,
    pathOf: (system) => (system.hasTags ? system.status : undefined),
    withTags: () => true,
  }),
  reads({
    name: 'constant answer',
    count: 1,
    connections: 32,
    pathOf: (system) => system.constant,
  }),
  reads({
    name: '5,000 pollers, every 5 s',
    count: 1000,
    connections: 5000,
    everyMs: 5000,
    withTags: (system) => system.hasTags === true,
    pathOf: status,
  }),
]
