import { fill } from '../payload.mjs'
import { startsOf } from './idle-start.mjs'

/** Milliseconds until a job of another tenant starts, while the worker's places are full and 100,000 jobs wait. */
export const works = [
  {
    name: 'start behind 100,000 jobs of another tenant',
    kind: 'turns',
    count: 100_000,
    async measure(context) {
      const { system, count } = context
      await fill(system, { count })
      return startsOf({ ...context, system: system.ofAnotherTenant, count: 100 })
    },
  },
]
