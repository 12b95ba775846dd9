import { payload, withCallers } from '../payload.mjs'

function enqueue({ name, callers, count }) {
  return {
    name,
    isHeadline: true,
    kind: 'noop',
    count,
    async measure({ system, meter, count: jobs, seconds }) {
      const call = (id) => system.enqueue(payload(id))
      await withCallers({ count: Math.min(500, jobs), callers, seconds: 1 }, call)
      return meter.around(() => withCallers({ count: jobs, callers, seconds }, call))
    },
  }
}

/** Jobs a second when each call is awaited: by one caller, and by many at once. */
export const works = [
  enqueue({ name: 'enqueue, 1 caller', callers: 1, count: 3000 }),
  enqueue({ name: 'enqueue, 32 callers', callers: 32, count: 20_000 }),
]
