import { startChild } from '../../harness/child.mjs'

const file = new URL('../../harness/http-load.mjs', import.meta.url)

/** `pathOf` says what is asked for, or that the system does not have it. */
function reads({
  name,
  count,
  pathOf,
  connections,
  everyMs = 0,
  isKnown = false,
  isPaced = false,
}) {
  return {
    name,
    kind: 'live',
    count: connections,
    least: 4,
    async measure({ system, count: open, seconds }) {
      const path = pathOf(system)
      if (path === undefined) return undefined
      const node = await system.startNode()
      const { ids } = await system.change({ jobs: count, everyMs: 3_600_000 })
      const paths = ids.map((id) => path.replace('{id}', id))
      const requests = []
      for (const each of paths) requests.push(await requestFor(node.port, each, isKnown))
      const load = await startChild(file, {})
      const question = { port: node.port, everyMs, requests, status: isKnown ? 304 : 200 }
      await load.ask({ ask: 'load', ...question, connections: 4, everyMs: 0, seconds: 1 })
      const from = await node.ask({ ask: 'usage' })
      const result = await load.ask({ ask: 'load', ...question, connections: open, seconds })
      const after = await node.ask({ ask: 'usage' })
      await load.close()
      await node.close()
      const { perSecond, ...ms } = result
      const cpuSeconds = (after.cpuMs - from.cpuMs) / 1000
      return isPaced ? { ...ms, cpuSeconds } : { ...ms, perSecond, cpuSeconds }
    },
  }
}

async function requestFor(port, path, isKnown) {
  const head = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`
  if (!isKnown) return `${head}\r\n`
  const response = await fetch(`http://127.0.0.1:${port}${path}`)
  await response.text()
  return `${head}If-None-Match: ${response.headers.get('etag')}\r\n\r\n`
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
    isKnown: true,
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
    isPaced: true,
    pathOf: status,
  }),
]
