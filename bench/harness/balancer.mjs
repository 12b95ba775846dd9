import { connect, createServer } from 'node:net'
import { once } from 'node:events'

/** What stands before the API nodes: it leads each connection to the next of them. */
export async function startBalancer() {
  const open = new Set()
  let ports = []
  let turn = 0
  const server = createServer({ noDelay: true }, (client) => {
    turn += 1
    const port = ports[turn % ports.length]
    if (port === undefined) client.destroy()
    else join(client, connect({ port, host: '127.0.0.1', noDelay: true }))
  })

  function join(client, node) {
    for (const [from, to] of [
      [client, node],
      [node, client],
    ]) {
      open.add(from)
      from.pipe(to)
      from.on('error', () => undefined) // 'close' follows
      from.once('close', () => {
        open.delete(from)
        to.destroy()
      })
    }
  }

  await once(server.listen(0, '127.0.0.1', 1024), 'listening')
  return {
    port: server.address().port,
    leadTo: (nodes) => (ports = nodes.map(({ port }) => port)),
    cutAll() {
      for (const socket of open) socket.destroy()
    },
    close() {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}
