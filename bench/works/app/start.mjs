import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waits } from '../../harness/quantiles.mjs'

function start(name, times) {
  return {
    name,
    kind: 'start',
    isHeadline: true,
    count: 5,
    async measure({ system, count }) {
      const taken = []
      for (let n = 0; n < count; n += 1) {
        const directory = await mkdtemp(join(tmpdir(), 'longhaul-bench-'))
        for (let time = 1; time < times; time += 1) await system.firstJob(directory)
        taken.push(await system.firstJob(directory))
        await rm(directory, { recursive: true })
      }
      return waits(taken)
    },
  }
}

/** Milliseconds from the start of the process, its embedded Postgres included, until a first job is done. */
export const works = [
  start('first start to first job done, database made anew', 1),
  start('next start to first job done', 2),
]
