// Readers in a process of their own: bare sockets, so that they cost as little as they can. A change says in
// its stage when it was made.
import { request } from 'node:http'
import { WebSocket } from 'ws'
import { answerQuestions } from './answer.mjs'
import { rest, wallMs } from './clock.mjs'
import { waits } from './quantiles.mjs'

const atOnce = 100
const connections = new Set()
const ending = '"status":"completed"'
/** By their number: one who tries again takes its own place. */
const readers = new Map()
let frames = 0
let delays = []

answerQuestions(
  {},
  {
    connect,
    reset() {
      frames = 0
      delays = []
    },
    result: () => ({ ...waits(delays), frames }),
    /** How many have not been told that their job has ended. */
    unended: () => [...readers.values()].filter(({ hasEnded }) => !hasEnded).length,
    /** Every connection is lost at one moment; each reader comes back at once. */
    async storm(question) {
      for (const close of connections) close()
      connections.clear()
      readers.clear()
      const begun = performance.now()
      const taken = await Promise.all(
        Array.from({ length: question.count }, (_, n) => open(question, n)),
      )
      return { ...waits(taken), allMs: performance.now() - begun }
    },
    close() {
      for (const close of connections) close()
      connections.clear()
    },
  },
)

async function connect(question) {
  for (let n = 0; n < question.count; n += atOnce) {
    const length = Math.min(atOnce, question.count - n)
    await Promise.all(Array.from({ length }, (_, k) => open(question, n + k)))
  }
  await rest(0)
}

/** @returns how long it took until the job's state was there, tried again until it is */
async function open({ to, port, ids, address }, n) {
  const begun = performance.now()
  const id = ids[n % ids.length]
  const filled = JSON.parse(JSON.stringify(to).replaceAll('{id}', id))
  const start = to.transport === 'websocket' ? openSocket : openEvents
  while (!(await start({ ...filled, port, address, n }))) await rest(20 + 80 * Math.random())
  return performance.now() - begun
}

function openEvents({ method, path, headers, body = '', port, address, n }) {
  const options = { method, path, port, host: '127.0.0.1', localAddress: address, agent: false }
  return new Promise((resolve) => {
    const asked = request({ ...options, headers }, (response) => {
      const take = createReader(n, resolve)
      response.on('data', (data) => take(data.latin1Slice()))
      response.on('error', () => resolve(false))
    })
    asked.on('error', () => resolve(false))
    asked.end(body)
    connections.add(() => asked.destroy())
  })
}

function openSocket({ path, headers, first, pong, port, address, n }) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, {
    perMessageDeflate: false,
    headers,
    localAddress: address,
  })
  return new Promise((resolve) => {
    const take = createReader(n, resolve)
    socket.on('open', () => socket.send(first))
    socket.on('message', (data) => {
      const text = data.latin1Slice()
      if (text === pong?.ask) socket.send(pong.answer)
      else take(text)
    })
    socket.on('error', () => resolve(false))
    connections.add(() => socket.terminate())
  })
}

function createReader(n, resolve) {
  let isGreeted = false
  let before = ''
  const reader = { hasEnded: false }
  readers.set(n, reader)
  return (text) => {
    const all = before + text
    reader.hasEnded ||= all.includes(ending)
    if (!isGreeted) {
      before = all
      if (!all.includes('"status":"')) return
      isGreeted = true
      resolve(true)
    }
    before = all.slice(-ending.length)
    const now = wallMs()
    for (const [, at] of text.matchAll(/"stage":"([\d.]+)"/g)) {
      frames += 1
      delays.push(now - Number(at))
    }
  }
}
