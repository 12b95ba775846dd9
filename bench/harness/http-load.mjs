// Asks again and again over kept connections, by bare sockets.
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
    /** From now on over as many new connections, each of which has asked once: by turns for these `heads`. */
    async open({ port, count, heads, withTags }) {
      for (const connection of connections) connection.close()
      connections = []
      while (connections.length < count) {
        const from = connections.length
        const length = Math.min(atOnce, count - from)
        const some = Array.from({ length }, (_, n) => heads[(from + n) % heads.length])
        const opened = await Promise.all(some.map((head) => openConnection(port, head, withTags)))
        await Promise.all(opened.map(({ ask }) => ask()))
        connections.push(...opened)
      }
    },
    /** `everyMs` 0: the next request as soon as the answer is there. */
    async load({ everyMs, seconds }) {
      const end = performance.now() + seconds * 1000
      const taken = []
      let unchanged = 0
      await Promise.all(
        connections.map(async ({ ask }) => {
          await rest(Math.random() * Math.min(everyMs, seconds * 1000))
          while (performance.now() < end) {
            const begun = performance.now()
            if ((await ask()) === 304) unchanged += 1
            taken.push(performance.now() - begun)
            if (everyMs > 0) await rest(Math.min(everyMs, Math.max(0, end - performance.now())))
          }
        }),
      )
      return {
        ...waits(taken),
        perSecond: taken.length / seconds,
        unchanged: unchanged / taken.length,
      }
    },
  },
)

/** `withTags`: it says which answer it has, as a browser does. */
async function openConnection(port, head, withTags) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let request = `${head}\r\n`
  let text = ''
  let resolve
  let reject
  socket.on('data', (data) => {
    text += data.latin1Slice()
    const answer = wholeAnswer(text)
    if (answer === undefined) return
    text = ''
    const { status, tag } = answer
    if (withTags && tag !== undefined) request = `${head}If-None-Match: ${tag}\r\n\r\n`
    if (status === 200 || status === 304) resolve(status)
    else reject(new Error(`answered ${status}`))
  })
  await once(socket, 'connect')
  return {
    ask() {
      socket.write(request)
      return new Promise((...settle) => ([resolve, reject] = settle))
    },
    close: () => socket.destroy(),
  }
}

/** @returns undefined as long as a part of it is missing */
function wholeAnswer(text) {
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const head = text.slice(0, end)
  const status = Number(head.slice(9, 12))
  const tag = /^etag: (.+)$/im.exec(head)?.[1].trim()
  if (status === 304) return { status, tag }
  const length = /content-length: (\d+)/i.exec(head)
  const isWhole =
    length === null ? text.endsWith('\r\n0\r\n\r\n') : text.length - end - 4 >= Number(length[1])
  return isWhole ? { status, tag } : undefined
}
