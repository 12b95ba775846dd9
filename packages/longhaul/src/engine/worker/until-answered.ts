import { setTimeout as delay } from 'node:timers/promises'
import { type Database, failureKind, type Query } from '../../postgres/index.js'
import { jittered } from './alarm.js'
import type { RunningJob } from './running-job.js'

/** Ask again while the database is away, as long as one of these jobs is ours: they cannot go on without the answer. */
export async function untilAnswered<Row>(
  db: Database,
  query: Query<Row>,
  jobs: readonly RunningJob[],
): Promise<readonly Row[]> {
  for (;;) {
    try {
      return await db.run(query)
    } catch (error) {
      if (failureKind(error) !== 'unavailable' || jobs.every((job) => job.isClosed())) throw error
      await delay(jittered(200))
    }
  }
}
