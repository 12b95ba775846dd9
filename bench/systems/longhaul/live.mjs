import { startChild } from '../../harness/child.mjs'
import { authorization } from './sign-in.mjs'

const file = new URL('live-node.mjs', import.meta.url)
const watch = { watches: [{ job: '{id}' }] }

/**
 * API nodes and, once a change is asked for, a worker, each a process of its own: every change goes
 * by Postgres and NOTIFY. An app is both in one process.
 */
export async function open(context) {
  let worker
  const startWorker = () => (worker ??= startApp())
  async function startApp() {
    const app = await startChild(file, { ...context, isWorker: true })
    return { ...app, change: (load) => app.ask({ ask: 'change', ...load }) }
  }
  return {
    settings: {},
    startNode: () => startChild(file, { ...context, isWorker: false }),
    startApp,
    running: (meter) =>
      meter.count(`select count(*) as n from longhaul.jobs where status = 'running'`),
    change: async (load) => (await startWorker()).change(load),
    stop: async (ids) => (await startWorker()).ask({ ask: 'stop', ids }),
    transports: {
      sse: {
        transport: 'sse',
        method: 'POST',
        path: '/api/longhaul/watch',
        headers: {
          authorization,
          'content-type': 'application/json',
          accept: 'text/event-stream',
        },
        body: JSON.stringify(watch),
      },
      websocket: {
        transport: 'websocket',
        path: '/api/longhaul/ws',
        headers: { authorization },
        first: JSON.stringify({ type: 'watch', number: 1, ...watch }),
      },
    },
    endsWhenStopped: true,
    status: '/api/longhaul/jobs/{id}',
    headers: { authorization },
    hasTags: true,
    constant: '/constant',
    close: async () => (await worker)?.close(),
  }
}
