import { startChild } from '../../harness/child.mjs'

const file = new URL('../../harness/http-load.mjs', import.meta.url)

/** `pathOf` says what is asked for, or that the system does not have it; `isKnownTo`, whether they know the answer. */
function reads({ name, count, pathOf, connections, everyMs = 0, isKnownTo = () => false }) {
  return {
    name,
    kind: 'live',
    count: connections,
    least: 4,
    async measure({ system, meter, count: open, seconds }) {
      const path = pathOf(system)
      if (path === undefined) return undefined
      const isKnown = isKnownTo(system)
      const node = await system.startNode()
      const { ids } = await system.change({ jobs: count, everyMs: 3_600_000 })
      const requests = []
      for (const id of ids)
        requests.push(await requestFor(node.port, path.replace('{id}', id), system, isKnown))
      const load = await startChild(file, {})
      const question = { ask: 'load', requests, status: isKnown ? 304 : 200 }
      await load.ask({ ask: 'open', port: node.port, count: 4 })
      await load.ask({ ...question, everyMs: 0, seconds: 1 })
      await load.ask({ ask: 'open', port: node.port, count: open })
      const from = await node.ask({ ask: 'usage' })
      const measured = await meter.around(async () => {
        const result = await load.ask({ ...question, everyMs, seconds })
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

async function requestFor(port, path, { headers = {} }, isKnown) {
  const tag = isKnown ? { 'if-none-match': await tagOf(port, path, headers) } : {}
  const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers, ...tag })
  return `GET ${path} HTTP/1.1\r\n${lines.map((line) => line.join(': ')).join('\r\n')}\r\n\r\n`
}

async function tagOf(port, path, headers) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers })
  await response.text()
  return response.headers.get('etag')
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
    isKnownTo: () => true,
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
    isKnownTo: (system) => system.hasTags === true,
    pathOf: status,
  }),
]
