/** A client that watches from the beginning, and notes each state of each job that it is shown. */
import { onTestFinished } from 'vitest'
import { createClient } from '../../src/client/index.js'
import { isSettled, type Job } from '../../src/core/index.js'
import type { Lab } from './lab.js'

export interface Witness {
  /** Resolves when it is shown what the database says. */
  untilCurrent(): Promise<void>
  /** How many states it was shown, */
  shown(): number
  /** and what it should not have been shown. */
  readonly wrong: readonly string[]
}

type Seen = Pick<Job, 'version' | 'status' | 'attempt' | 'progress'>

const size = 50

/** @param lab whose database forgets nothing that was seen: its versions only grow, in every epoch */
export function startWitness({ app, query }: Lab): Witness {
  const client = createClient({
    url: 'http://localhost/api/longhaul',
    fetch: (url, init) => app.fetch(new Request(url, init)),
  })
  onTestFinished(() => client.close())
  const window = client.window({ scope: 'visible' }, size)
  const latest = new Map<string, Seen>()
  const wrong: string[] = []
  let shown = 0
  window.subscribe(() => {
    for (const { id, version, status, attempt, progress } of window.getSnapshot().jobs) {
      const last = latest.get(id)
      if (last?.version === version && last.status === status) continue
      const now = { version, status, attempt, progress }
      const fault = last === undefined ? undefined : faultOf(last, now)
      if (fault !== undefined)
        wrong.push(`${id}: ${fault}: ${JSON.stringify(last)} and then ${JSON.stringify(now)}`)
      shown += 1
      latest.set(id, now)
    }
  })
  return {
    wrong,
    shown: () => shown,
    async untilCurrent() {
      for (;;) {
        const jobs = window
          .getSnapshot()
          .jobs.map(({ id, version, status }) => ({ id, version, status }))
        const stored = await query(
          `select id, version, status from longhaul.jobs order by created_at desc, id desc limit ${size}`,
        )
        if (JSON.stringify(jobs) === JSON.stringify(stored)) return
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    },
  }
}

function faultOf(last: Seen, now: Seen): string | undefined {
  if (now.version < last.version) return 'its version fell'
  if (now.version === last.version) return 'one version has two statuses'
  if (isSettled(last.status)) return 'it had settled, and nobody retried it'
  if (now.attempt === last.attempt && now.status === last.status && now.progress < last.progress)
    return 'its progress fell within an attempt'
  return undefined
}
