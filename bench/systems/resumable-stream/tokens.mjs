import { startChild } from '../../harness/child.mjs'

const file = new URL('tokens-node.mjs', import.meta.url)

export async function open(context) {
  const [maker, node] = await Promise.all([startChild(file, context), startChild(file, context)])
  return {
    settings: {},
    port: node.port,
    talk: (load) => maker.ask({ ask: 'talk', ...load }),
    /** A reader that comes back says how many characters it has. */
    read: { path: '/{id}', headers: {}, resumeHeader: 'x-characters' },
    close: () => Promise.all([maker.close(), node.close()]),
  }
}
