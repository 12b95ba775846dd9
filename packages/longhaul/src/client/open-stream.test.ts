import { getEventListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ada } from '../../test/database.js'
import { asHeader, testApi } from '../../test/http.js'
import { serve } from '../../test/server.js'
import { createHttp } from './http.js'
import { openStream } from './open-stream.js'

it('leaves its signal alone when nobody answers', async () => {
  const { signal } = new AbortController()
  const http = createHttp({
    url: '/api/longhaul',
    fetch: () => Promise.reject(new TypeError('fetch failed')),
  })
  const stream = openStream({
    http,
    watch: { watches: [] },
    signal,
    headersMs: 8000,
    helloMs: 4000,
    onFrame: () => undefined,
  })
  await expect(stream).rejects.toMatchObject({ code: 'database_unavailable' })
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

it('stays with a server that is silent after its first words for no longer than it said', async () => {
  const api = await testApi([])
  const { url } = await serve(api)
  const heard: string[] = []
  const { signal } = new AbortController()
  const fetchAsAda: typeof fetch = (to, init) =>
    fetch(to, { ...init, headers: { ...(init?.headers as object), ...asHeader(ada) } })
  const helloMs = 2000
  const stream = openStream({
    http: createHttp({ url, fetch: fetchAsAda }),
    watch: { watches: [] }, // of which nothing is said but hello
    signal,
    headersMs: 8000,
    helloMs,
    onFrame: ({ event }) => heard.push(event),
  })
  await expect.poll(() => heard).toEqual(['hello'])
  await Promise.race([delay(2 * helloMs), stream])
  expect(heard).toEqual(['hello'])
  api.hub.close()
  await stream
  expect(heard.at(-1)).toBe('bye')
})
