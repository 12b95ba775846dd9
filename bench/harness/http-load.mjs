// Asks one thing again and again over kept connections, by bare sockets.
import { connect } from 'node:net'
import { once } from 'node:events'
import { answerQuestions } from './answer.mjs'
import { rest } from './clock.mjs'
import { waits } from './quantiles.mjs'

const atOnce = 100
let connections = []

answerQuestions(
  {},
  {
    /** From now on over as many new connections. */
    async open({ port, count }) {
      for (const ask of connections) ask.close()
      connections = []
      while (connections.length < count) {
        const length = Math.min(atOnce, count - connections.length)
        connections.push(...(await Promise.all(Array.from({ length }, () => openConnection(port)))))
      }
    },
    /** `everyMs` 0: the next request as soon as the answer is there. */
    async load({ everyMs, seconds, requests, status }) {
      const end = performance.now() + seconds * 1000
      const taken = []
      let refused = 0
      await Promise.all(
        connections.map(async (ask, n) => {
          await rest(Math.random() * Math.min(everyMs, seconds * 1000))
          while (performance.now() < end) {
            const begun = performance.now()
            if ((await ask(requests[n % requests.length])) !== status) refused += 1
            taken.push(performance.now() - begun)
            if (everyMs > 0) await rest(Math.min(everyMs, Math.max(0, end - performance.now())))
          }
        }),
      )
      if (refused > 0) throw new Error(`${refused} answers were not ${status}`)
      return { ...waits(taken), perSecond: taken.length / seconds }
    },
  },
)

async function openConnection(port) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let text = ''
  let resolve
  socket.on('data', (data) => {
    text += data.latin1Slice()
    const status = statusOfWhole(text)
    if (status === undefined) return
    text = ''
    resolve(status)
  })
  await once(socket, 'connect')
  const ask = (request) => {
    socket.write(request)
    return new Promise((then) => (resolve = then))
  }
  ask.close = () => socket.destroy()
  return ask
}

/** @returns undefined as long as a part of the answer is missing */
function statusOfWhole(text) {
  const head = text.indexOf('\r\n\r\n')
  if (head === -1) return undefined
  const status = Number(text.slice(9, 12))
  if (status === 304) return status
  const length = /content-length: (\d+)/i.exec(text.slice(0, head))
  const isWhole =
    length === null ? text.endsWith('\r\n0\r\n\r\n') : text.length - head - 4 >= Number(length[1])
  return isWhole ? status : undefined
}
