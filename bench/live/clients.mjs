// The readers, in a process of their own: bare sockets, so that they cost as little as they can.
import { request } from 'node:http'
import { WebSocket } from 'ws'

let frames = 0
let delays = []
let greeted = 0
const open = []

/** A change says in its stage when it was made. */
function take(text) {
  const found = text.match(/"stage":"\d{13}"/g)
  if (text.includes('hello')) greeted += 1
  if (found === null) return
  frames += found.length
  const now = Date.now()
  for (const stage of found) delays.push(now - Number(stage.slice(9, 22)))
}

function connect(transport, port, id) {
  const watch = { watches: [{ job: id }] }
  if (transport === 'websocket') {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/longhaul/ws`, {
      perMessageDeflate: false,
    })
    socket.on('open', () => socket.send(JSON.stringify({ type: 'watch', number: 1, ...watch })))
    socket.on('message', (data) => take(Buffer.from(data).toString()))
    open.push(() => socket.terminate())
    return
  }
  const body = JSON.stringify(watch)
  const headers = {
    'content-type': 'application/json',
    accept: 'text/event-stream',
    'content-length': body.length,
  }
  const asked = request(
    { port, host: '127.0.0.1', path: '/api/longhaul/watch', method: 'POST', headers, agent: false },
    (response) => response.on('data', (data) => take(data.toString())),
  )
  asked.on('error', () => undefined)
  asked.end(body)
  open.push(() => asked.destroy())
}

process.on('message', (question) => void answer(question))

async function answer({ ask, transport, port, count, ids }) {
  if (ask === 'connect') {
    for (let n = 0; n < count; n += 1) {
      connect(transport, port, ids[n % ids.length])
      if (n % 100 === 99) await new Promise((resolve) => setTimeout(resolve, 10))
    }
    while (greeted < count) await new Promise((resolve) => setTimeout(resolve, 50))
    process.send({ connected: greeted })
  }
  if (ask === 'reset') {
    frames = 0
    delays = []
    process.send({})
  }
  if (ask === 'result') {
    const sorted = delays.toSorted((a, b) => a - b)
    const at = (share) => sorted[Math.floor(sorted.length * share)]
    process.send({ frames, p50Ms: at(0.5), p99Ms: at(0.99) })
  }
  if (ask === 'close') {
    for (const close of open.splice(0)) close()
    greeted = 0
    process.send({})
  }
}
