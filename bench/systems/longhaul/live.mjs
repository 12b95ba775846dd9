import { startChild } from '../../harness/child.mjs'

const file = new URL('live-node.mjs', import.meta.url)
const watch = { watches: [{ job: '{id}' }] }

/** An API node and a worker, each a process of its own: every change goes by Postgres and NOTIFY. */
export async function open(context) {
  const worker = await startChild(file, { ...context, isWorker: true })
  return {
    settings: {},
    startNode: () => startChild(file, { ...context, isWorker: false }),
    startApp: () => startChild(file, { ...context, isWorker: true }),
    running: (meter) =>
      meter.count(`select count(*) as n from longhaul.jobs where status = 'running'`),
    change: (load) => worker.ask({ ask: 'change', ...load }),
    stop: (ids) => worker.ask({ ask: 'stop', ids }),
    transports: {
      sse: {
        transport: 'sse',
        method: 'POST',
        path: '/api/longhaul/watch',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
        body: JSON.stringify(watch),
      },
      websocket: {
        transport: 'websocket',
        path: '/api/longhaul/ws',
        first: JSON.stringify({ type: 'watch', number: 1, ...watch }),
      },
    },
    status: '/api/longhaul/jobs/{id}',
    hasTags: true,
    constant: '/constant',
    close: () => worker.close(),
  }
}
