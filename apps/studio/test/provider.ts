/** A provider of language models: a server that speaks the OpenAI protocol, streams, and knows one wrong key. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'

export const wrongKey = 'sk-this-key-is-known-to-nobody'

export interface TestProvider {
  /** `http://127.0.0.1:…/v1` */
  readonly url: string
  /** With which keys it was asked. */
  readonly keys: readonly (string | undefined)[]
  /** From now on it stops in the middle of its answers. */
  hold(): void
  release(): void
}

/** Stopped when the file's tests have run. @param answer what it writes, in pieces of a few letters */
export async function openProvider(answer: object): Promise<TestProvider> {
  const keys: (string | undefined)[] = []
  let gate = Promise.resolve()
  let release = (): void => undefined
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const key = request.headers.authorization?.replace('Bearer ', '')
    keys.push(key)
    if (key === wrongKey) {
      // As real ones do, it repeats what it was given.
      const error = { message: `Incorrect API key provided: ${key}`, type: 'invalid_request_error' }
      response.writeHead(401, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error }))
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const say = (chunk: object): void =>
      void response.write(`data: ${JSON.stringify({ id: '1', ...chunk })}\n\n`)
    const pieces = JSON.stringify(answer).match(/.{1,12}/gsu) ?? []
    for (const [n, content] of pieces.entries()) {
      if (n === Math.floor(pieces.length / 2)) await gate
      say({ choices: [{ index: 0, delta: { content } }] })
    }
    say({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
    say({ choices: [], usage: { prompt_tokens: 30, completion_tokens: 12, total_tokens: 42 } })
    response.end('data: [DONE]\n\n')
  }
  const server = createServer((request, response) => void respond(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    keys,
    hold() {
      gate = new Promise((resolve) => (release = resolve))
    },
    release: () => release(),
  }
}
