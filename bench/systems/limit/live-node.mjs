// The least that a node can do: it writes what it was notified of to the sockets that wait for it.
import { createServer } from 'node:http'
import pg from 'pg'
import { WebSocketServer } from 'ws'
import { answerQuestions, task } from '../../harness/answer.mjs'
import { connect } from './connect.mjs'

const watchers = new Map()
const listener = await connect(task.database)
const pool = new pg.Pool({ ...task.database, max: 10 })
listener.on('notification', ({ payload }) => {
  for (const [id, stage] of JSON.parse(payload)) {
    const writes = watchers.get(id)
    if (writes !== undefined) for (const write of writes) write(stateOf(stage))
  }
})
await listener.query('listen states')

const stateOf = (stage) => JSON.stringify({ status: 'running', stage })

function watch(id, write, socket) {
  if (!watchers.has(id)) watchers.set(id, new Set())
  watchers.get(id).add(write)
  socket.once('close', () => watchers.get(id)?.delete(write))
  write(stateOf(null))
}

const server = createServer(
  { keepAliveTimeout: 60_000 },
  (request, response) => void handle(request, response),
)

async function handle(request, response) {
  const [, kind, id] = request.url.split('/')
  if (kind === 'constant') return answer(response, stateOf(null))
  if (kind === 'status') {
    const { rows } = await pool.query({
      name: 'status',
      text: 'select stage from states where id = $1',
      values: [id],
    })
    return answer(response, stateOf(rows[0].stage))
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  return watch(id, (state) => response.write(`data: ${state}\n\n`), response)
}

function answer(response, body) {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
  response.end(body)
}

const sockets = new WebSocketServer({ server, perMessageDeflate: false })
sockets.on('connection', (socket) => {
  socket.once('message', (id) =>
    watch(Buffer.from(id).toString(), (state) => socket.send(state), socket),
  )
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', 16_384, resolve))
answerQuestions({ port: server.address().port }, {})
