import { startChild } from '../../harness/child.mjs'
import { openChanges } from '../limit/open-changes.mjs'

/** Its wire format by a bare socket, so that readers cost the same for all. */
export async function open(context) {
  return {
    ...(await openChanges(context)),
    startNode: () => startChild(new URL('live-node.mjs', import.meta.url), context),
    transports: {
      websocket: {
        transport: 'websocket',
        path: '/socket.io/?EIO=4&transport=websocket&job={id}',
        first: '40',
        pong: { ask: '2', answer: '3' },
      },
    },
  }
}
