import { startChild } from '../../harness/child.mjs'

const file = new URL('../../harness/readers.mjs', import.meta.url)
const perProcess = 8000
let addresses = 1

/** Readers of one transport on one node, in as many processes as they need. */
export async function openReaders({ to, node, count }) {
  const processes = await Promise.all(
    Array.from({ length: Math.ceil(count / perProcess) }, () => startChild(file, {})),
  )
  const share = Math.ceil(count / processes.length)
  // Each time another address: the ports of closed connections rest for a minute.
  const question = (ids) => ({ to, port: node.port, ids, count: share, address: nextAddress() })
  const askAll = (questionOf) => Promise.all(processes.map((each) => each.ask(questionOf())))
  return {
    count: share * processes.length,
    connect: (ids) => askAll(() => ({ ask: 'connect', ...question(ids) })),
    storm: (ids) => askAll(() => ({ ask: 'storm', ...question(ids) })),
    unended: async () => (await askAll(() => ({ ask: 'unended' }))).reduce((sum, n) => sum + n, 0),
    reset: () => askAll(() => ({ ask: 'reset' })),
    result: () => askAll(() => ({ ask: 'result' })),
    close: () => Promise.all(processes.map((each) => each.close())),
  }
}

function nextAddress() {
  addresses += 1
  return `127.0.0.${(addresses % 250) + 2}`
}

/** A work by each transport, for the systems that have it. */
export function byTransport(work) {
  return [
    ['sse', 'SSE'],
    ['websocket', 'WebSocket'],
  ].map(([transport, title]) => ({
    ...work,
    name: `${work.name}, ${title}`,
    kind: 'live',
    async measure(context) {
      const to = context.system.transports[transport]
      return to === undefined ? undefined : work.measure({ ...context, to })
    },
  }))
}
