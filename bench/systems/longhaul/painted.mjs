// A page that shows a job's progress: the worker in one process, the API in this one, Postgres NOTIFY between.
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { toNodeListener } from 'longhaul/server'
import { startChild } from '../../harness/child.mjs'
import { openReporting, principal } from './open-app.mjs'

export async function open(context) {
  const { longhaul, enqueue, close } = await openReporting(context)
  const worker = await startChild(new URL('painted-worker.mjs', import.meta.url), context)
  const server = createServer(await pageAndApi(longhaul))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    settings: {},
    /** @returns the page of a new job, how to begin it, and whether it is done */
    async show(input) {
      const { id } = await enqueue(input)
      return {
        begin: () => worker.ask({ ask: 'work' }),
        url: `http://127.0.0.1:${server.address().port}/?job=${id}`,
        isDone: async () => (await longhaul.jobs.get(principal, id)).finishedAt !== undefined,
      }
    },
    async close() {
      await worker.close()
      server.closeAllConnections()
      server.close()
      await close()
    },
  }
}

async function pageAndApi(longhaul) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('painted-page.jsx', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    jsx: 'automatic',
    format: 'esm',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  const api = toNodeListener(longhaul.fetch)
  return (request, response) => {
    if (request.url.startsWith('/api/')) return api(request, response)
    const isScript = request.url === '/page.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    return response.end(
      isScript
        ? outputFiles[0].contents
        : '<!doctype html><main></main><script type="module" src="/page.js"></script>',
    )
  }
}
