import { works as bulk } from './engine/bulk.mjs'
import { works as cancel } from './engine/cancel.mjs'
import { works as drain } from './engine/drain.mjs'
import { works as enqueue } from './engine/enqueue.mjs'
import { works as idleCost } from './engine/idle-cost.mjs'
import { works as idleStart } from './engine/idle-start.mjs'
import { works as progress } from './engine/progress.mjs'
import { works as steps } from './engine/steps.mjs'

/** The works of each suite, in the order of its tables. */
export const suites = {
  engine: [enqueue, bulk, drain, idleStart, steps, progress, cancel, idleCost].flat(),
}
