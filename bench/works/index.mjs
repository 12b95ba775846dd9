import { works as idleApp } from './app/idle-app.mjs'
import { works as memory } from './app/memory.mjs'
import { works as start } from './app/start.mjs'
import { works as painted } from './client/painted.mjs'
import { works as bulk } from './engine/bulk.mjs'
import { works as cancel } from './engine/cancel.mjs'
import { works as drain } from './engine/drain.mjs'
import { works as enqueue } from './engine/enqueue.mjs'
import { works as idleCost } from './engine/idle-cost.mjs'
import { works as idleStart } from './engine/idle-start.mjs'
import { works as progress } from './engine/progress.mjs'
import { works as steps } from './engine/steps.mjs'
import { works as turns } from './engine/turns.mjs'
import { works as growth } from './growth/index.mjs'
import { works as attempts } from './live/attempts.mjs'
import { works as delivery } from './live/delivery.mjs'
import { works as idleConnections } from './live/idle-connections.mjs'
import { works as statusReads } from './live/status-reads.mjs'
import { works as storm } from './live/storm.mjs'
import { works as tokens } from './live/tokens.mjs'

/** The works of each suite, in the order of its tables. */
export const suites = {
  engine: [enqueue, bulk, drain, idleStart, turns, steps, progress, cancel, idleCost].flat(),
  app: [memory, idleApp, start].flat(),
  client: painted,
  growth,
  live: [idleConnections, delivery, storm, statusReads, tokens, attempts].flat(),
}
