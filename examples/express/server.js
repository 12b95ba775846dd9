import express from 'express'
import { attachWebSocket, toNodeListener } from 'longhaul/server'
import { longhaul } from './longhaul.js'

const app = express()
// Before express.json(): Longhaul reads its bodies itself.
app.use('/api/longhaul', toNodeListener(longhaul.fetch))
app.use(express.json())

await longhaul.work({ concurrency: 10 })
const server = app.listen(Number(process.env.PORT ?? 3000), () =>
  console.log(`Listening on http://localhost:${server.address().port}`),
)

attachWebSocket(server, longhaul)

// Running jobs get a moment to end; what does not is handed back, and another process goes on with it.
async function stop() {
  server.close()
  await longhaul.stop({ graceMs: 5000 })
  process.exit()
}
process.once('SIGTERM', () => void stop())
