import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
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
