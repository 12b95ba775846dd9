// `npm start`: installs and builds what is missing, then runs the studio: embedded Postgres, API,
// worker and web app in one process.
import { buildIfStale } from './build.mjs'
import { checkNode, install } from './install.mjs'

checkNode()
install()
buildIfStale()
await import('../apps/studio/dist/server/main.js')
