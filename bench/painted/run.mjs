// How long after a worker's `progress` call the change is painted in Chromium: the worker in one
// process, the API in another, Postgres NOTIFY between them.
//   npm run bench -- --painted
import { fork } from 'node:child_process'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { toNodeListener } from 'longhaul/server'
import { startTestDatabase } from 'longhaul/testing'
import { chromium } from 'playwright-core'
import { ensureChromium } from '../../scripts/chromium.mjs'
import { createApp, principal } from './app.mjs'

const changes = 500
const everyMs = 40

const { database, stop } = await startTestDatabase()
const longhaul = createApp(database)
await longhaul.start()
const worker = fork(fileURLToPath(new URL('app.mjs', import.meta.url)), [JSON.stringify(database)])
const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('page.jsx', import.meta.url))],
  bundle: true,
  minify: true,
  write: false,
  jsx: 'automatic',
  format: 'esm',
  define: { 'process.env.NODE_ENV': '"production"' },
})
const api = toNodeListener(longhaul.fetch)
const server = createServer((request, response) => {
  if (request.url.startsWith('/api/')) return api(request, response)
  const isScript = request.url === '/page.js'
  response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
  response.end(
    isScript
      ? outputFiles[0].contents
      : '<!doctype html><main></main><script type="module" src="/page.js"></script>',
  )
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

const { id } = await longhaul.jobs.enqueue('ticking', { changes, everyMs }, { principal })
const browser = await chromium.launch({
  executablePath: ensureChromium(),
  args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
})
const page = await browser.newPage()
await page.goto(`http://127.0.0.1:${server.address().port}/?job=${id}`)
while ((await longhaul.jobs.get(principal, id)).status !== 'completed') {
  await new Promise((resolve) => setTimeout(resolve, 200))
}
await page.waitForTimeout(500)
const waits = (await page.evaluate(() => window.waits)).sort((a, b) => a - b)
const at = (share) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))]
console.log(
  JSON.stringify({
    work: 'progress to paint',
    n: waits.length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: waits.at(-1),
  }),
)
await browser.close()
worker.disconnect()
server.closeAllConnections()
server.close()
await longhaul.stop()
await stop()
