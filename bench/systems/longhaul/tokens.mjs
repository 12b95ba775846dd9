import { startChild } from '../../harness/child.mjs'
import { authorization } from './sign-in.mjs'

const file = new URL('tokens-node.mjs', import.meta.url)

export async function open(context) {
  const worker = await startChild(file, { ...context, isWorker: true })
  const node = await startChild(file, { ...context, isWorker: false })
  return {
    settings: {},
    port: node.port,
    talk: (load) => worker.ask({ ask: 'talk', ...load }),
    /** Every event has an id, and a reader that comes back says the last one. */
    read: {
      path: '/api/longhaul/jobs/{id}/streams/output',
      headers: { authorization, accept: 'text/event-stream' },
      resumeHeader: 'last-event-id',
    },
    close: () => Promise.all([worker.close(), node.close()]),
  }
}
