import { expect, it } from 'vitest'
import { LonghaulError } from '../src/core/index.js'
import type { AppProcess } from './chaos/app-process.js'
import { checkHistory } from './chaos/history.js'
import { chaosLab, type Lab } from './chaos/lab.js'
import { startWitness } from './chaos/witness.js'
import { ada } from './database.js'
import { chooseBy } from './interleave/explore.js'
import { isLong, replay, seed } from './seed.js'

const faults = isLong ? 40 : 3
const jobsPerFault = isLong ? 35 : 14
/** What was answered. */
interface Said {
  readonly acknowledged: Set<string>
  readonly cancelled: Set<string>
  readonly maybeCancelled: Set<string>
}

const lease = { lease: '1s', concurrency: 20 }

it(
  'G-01, G-04, G-05, G-07, G-09, G-10, G-11, G-29, G-30: loses no acknowledged job, cancellation or child and runs no finished step again, whatever is killed, and shows what the database says',
  { timeout: isLong ? 1_800_000 : 180_000 },
  async () => {
    const lab = await chaosLab()
    const choose = chooseBy(seed)
    const witness = startWitness(lab)
    const apps = await Promise.all([lab.startApp(lease), lab.startApp(lease)])
    const said: Said = {
      acknowledged: new Set(),
      cancelled: new Set(),
      maybeCancelled: new Set(),
    }
    const killed: { readonly at: unknown; readonly pid: unknown }[] = []
    /** What these were doing when they were stopped they finish later, and nobody takes it. */
    const frozen: unknown[] = []

    for (let fault = 0; fault < faults; fault += 1) {
      const load = enqueueSome(lab, said)
      const victim = choose(apps.length)
      const kind = choose(4)
      if (kind === 0) await Promise.all([lab.crashDatabase(), load])
      else if (kind === 1) {
        frozen.push(apps[victim]!.process.pid)
        await freeze(lab, apps[victim]!)
      } else {
        const at = (await lab.query('select now()'))[0]!['now']
        killed.push({ at, pid: apps[victim]!.process.pid })
        apps[victim]!.kill('SIGKILL')
        await apps[victim]!.gone
        apps[victim] = await lab.startApp(lease)
      }
      await load
    }

    const title = `${replay}, ${faults} faults`
    await checkHistory(lab, { ...said, killed, frozen, witness }, title)
    expect(said.acknowledged.size).toBeGreaterThan(faults)
  },
)

/** Whether one that was refused is there nobody has promised. */
async function enqueueSome(
  lab: Lab,
  { acknowledged, cancelled, maybeCancelled }: Said,
): Promise<void> {
  const asked = Array.from({ length: jobsPerFault }, (_, n) =>
    n % 7 === 6 ? lab.enqueue('family', { children: 3 }) : lab.enqueue('stepped', { steps: 4 }),
  )
  for (const [n, answer] of (await Promise.allSettled(asked)).entries()) {
    if (answer.status === 'rejected') continue
    acknowledged.add(answer.value)
    if (n % 10 !== 3) continue
    const outcome = await cancel(lab, answer.value)
    if (outcome === 'cancelled') cancelled.add(answer.value)
    else if (outcome === 'unknown') maybeCancelled.add(answer.value)
  }
}

/** Too late is an answer, too: then it must complete. */
async function cancel(lab: Lab, id: string): Promise<'cancelled' | 'too late' | 'unknown'> {
  try {
    await lab.app.jobs.cancel({ principal: ada, id })
    return 'cancelled'
  } catch (error) {
    return LonghaulError.is(error, 'invalid_state') ? 'too late' : 'unknown'
  }
}

/** Past its lease: another has its jobs when it wakes up. */
async function freeze(lab: Lab, app: AppProcess): Promise<void> {
  app.kill('SIGSTOP')
  await lab.untilNone(
    `select from longhaul.workers where name like '% ' || $1 and lease_expires_at > now()`,
    [String(app.process.pid)],
  )
  app.kill('SIGCONT')
}
