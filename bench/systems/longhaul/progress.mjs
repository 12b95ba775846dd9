import { openReporting } from './open-app.mjs'

/** `progress` returns at once; what has not left yet when the next one comes is replaced by it. */
export async function open(context) {
  let handle
  const app = await openReporting(context, (input) => handle(input))
  return {
    ...app,
    work(onJob) {
      handle = onJob
      return app.work()
    },
    watch: (onSeen) => watchAll(app.longhaul, onSeen),
  }
}

/** All jobs of the type, over the API's own stream. @returns how to stop */
async function watchAll(longhaul, onSeen) {
  const leaving = new AbortController()
  const response = await longhaul.fetch(
    new Request('http://localhost/api/longhaul/watch', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ watches: [{ key: 'all', jobs: {}, limit: 200 }] }),
      signal: leaving.signal,
    }),
  )
  void read(response.body, onSeen).catch(() => undefined) // ends with the abort
  return () => leaving.abort()
}

async function read(body, onSeen) {
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    for (const [, at] of text.matchAll(/"stage":"([\d.]+)"/g)) onSeen(Number(at))
  }
}
