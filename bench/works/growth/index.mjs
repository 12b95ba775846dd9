import { fill } from '../payload.mjs'
import { rest } from '../../harness/clock.mjs'
import { grown } from './grown.mjs'

/** What a state of the database costs: the same works as on an empty one. */
export const works = [
  grown({ name: 'empty', prepare: async () => undefined }),
  grown({
    name: '1 M queued',
    count: 1_000_000,
    isNeverEmpty: true,
    prepare: ({ states, count }) => states.queued(count),
  }),
  grown({
    name: '1 M scheduled',
    count: 1_000_000,
    prepare: ({ states, count }) => states.scheduled(count),
  }),
  grown({
    name: '1 M finished',
    count: 1_000_000,
    prepare: ({ states, count }) => states.finished(count),
  }),
  grown({
    name: '10,000 tenants',
    count: 10_000,
    prepare: ({ states, count }) => states.tenants(count),
  }),
  grown({
    name: '100 schedules',
    count: 100,
    prepare: ({ states, count }) => states.schedules(count),
  }),
  grown({ name: 'snapshot held 3 minutes', count: 180, prepare: holdSnapshot }),
]

/** While somebody's transaction stays open jobs come and go, and leave rows that nothing may clear away. */
async function holdSnapshot({ states, count: seconds, system, startWorkers }) {
  const release = await states.snapshot()
  const workers = await startWorkers(1)
  await workers.go()
  const end = performance.now() + seconds * 1000
  let made = 0
  while (performance.now() < end) {
    made += await fill(system, { count: 1000 })
    while (workers.handled() < made) await rest(10)
  }
  await workers.stop()
  return release
}
