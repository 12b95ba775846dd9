// Streams are made in one process and read by another, as behind a load balancer.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import Redis from 'ioredis'
import { createResumableStreamContext } from 'resumable-stream/ioredis'
import { answerQuestions, task } from '../../harness/answer.mjs'
import { rest } from '../../harness/clock.mjs'
import { tokenOf } from '../../harness/tokens.mjs'

const context = createResumableStreamContext({
  waitUntil: null,
  subscriber: new Redis(task.redis),
  publisher: new Redis(task.redis),
})

const server = createServer((request, response) => void answer(request, response))
await new Promise((resolve) => server.listen(0, '127.0.0.1', 4096, resolve))
answerQuestions(
  { port: server.address().port },
  {
    talk: ({ streams, ...input }) =>
      Promise.all(
        Array.from({ length: streams }, async () => {
          const id = randomUUID()
          const own = await context.createNewResumableStream(id, () => talk(input))
          void own.pipeTo(new WritableStream()) // nobody reads it here
          return id
        }),
      ),
  },
)

function talk({ tokens, everyMs }) {
  return new ReadableStream({
    async start(controller) {
      for (let n = 1; n <= tokens; n += 1) {
        controller.enqueue(tokenOf(n))
        await rest(everyMs)
      }
    },
  })
}

async function answer(request, response) {
  const url = new URL(request.url, 'http://localhost')
  const from = Number(request.headers['x-characters'] ?? 0)
  const stream = await context.resumeExistingStream(url.pathname.slice(1), from)
  response.writeHead(200, { 'content-type': 'text/plain' })
  response.flushHeaders()
  for await (const text of stream) {
    if (response.destroyed) return
    response.write(text)
  }
}
