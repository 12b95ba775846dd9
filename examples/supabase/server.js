import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { longhaul } from './longhaul.js'

const app = new Hono()
app.all('/api/longhaul/*', (context) => longhaul.fetch(context.req.raw))

await longhaul.work({ concurrency: 10 })
const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) }, ({ port }) =>
  console.log(`Listening on http://localhost:${port}`),
)

// Running jobs get a moment to end; what does not is handed back, and another process goes on with it.
async function stop() {
  server.close()
  await longhaul.stop({ graceMs: 5000 })
  process.exit()
}
process.once('SIGINT', () => void stop())
process.once('SIGTERM', () => void stop())
