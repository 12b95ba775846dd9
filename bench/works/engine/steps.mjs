import { drain } from '../drain.mjs'

/** Jobs a second whose handler stores the results of three steps, one after the other. */
export const works = [
  drain({
    name: 'jobs of three steps',
    kind: 'steps',
    isHeadline: true,
    processes: 1,
    count: 5000,
  }),
]
