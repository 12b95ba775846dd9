import { startChild } from '../../harness/child.mjs'
import { openChanges } from './open-changes.mjs'

export async function open(context) {
  const startNode = () => startChild(new URL('live-node.mjs', import.meta.url), context)
  const changes = await openChanges(context)
  return {
    ...changes,
    startNode,
    startApp: async () => ({ ...(await startNode()), change: changes.change }),
    transports: {
      sse: { transport: 'sse', method: 'GET', path: '/events/{id}' },
      websocket: { transport: 'websocket', path: '/', first: '{id}' },
    },
    status: '/status/{id}',
    constant: '/constant',
  }
}
