import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { answerQuestions, task } from '../../harness/answer.mjs'
import { connect } from '../limit/connect.mjs'

const server = createServer()
const io = new Server(server, {
  transports: ['websocket'],
  connectionStateRecovery: {},
})
const listener = await connect(task.database)
listener.on('notification', ({ payload }) => {
  for (const [id, stage] of JSON.parse(payload))
    io.to(id).emit('state', { status: 'running', stage })
})
await listener.query('listen states')
io.on('connection', (socket) => {
  void socket.join(socket.handshake.query.job)
  socket.emit('state', { status: 'running', stage: null })
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', 16_384, resolve))
answerQuestions({ port: server.address().port }, {})
