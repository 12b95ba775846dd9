/**
 * Who of the jobs of a process that died has killed it is not known. Those that were lost the time
 * before as well come back one at a time, and a loss counts for the one that was let out.
 */
import { settle } from './items.js'
import type { Model, ModelJob } from './model.js'

interface Suspect {
  /** Those that were lost with it. */
  readonly company: readonly ModelJob[]
  /** How often it had been taken. */
  readonly claims: number
  readonly goesFirst: boolean
  isOut: boolean
  isTrialOver: boolean
}

export type Quarantine = Map<ModelJob, Suspect>

const mostSpared = 2

/** A worker dies with all that runs. */
export function lose({ jobs, quarantine }: Model): void {
  const company = jobs.filter(({ status }) => status === 'running')
  const repeated = company.filter(wasLostBefore)
  for (const job of company) {
    const suspect = quarantine.get(job)
    const wasOut = suspect?.isOut === true && suspect.claims < job.claims
    const spared = job.attempts.filter(({ attempt }) => attempt === job.attempt).length
    const counts = wasOut || spared >= mostSpared || company.length === 1 || repeated.length === 0
    job.attempts.push({ attempt: job.attempt, code: 'worker_lost' })
    if (counts && job.attempt >= job.maxAttempts) {
      job.errorCode = 'attempts_exhausted'
      settle(job, 'failed')
      continue
    }
    const isRepeated = repeated.includes(job)
    job.status = 'queued'
    job.due = !isRepeated
    job.handedBack = !counts
    if (!counts) job.attempt -= 1
    const { claims } = job
    if (isRepeated)
      quarantine.set(job, { company, claims, goesFirst: wasOut, isOut: false, isTrialOver: false })
  }
}

function wasLostBefore({ attempts, attempt }: ModelJob): boolean {
  const last = attempts.at(-1)
  return last?.code === 'worker_lost' && last.attempt >= attempt - 1
}

/** Whether it still waits for its turn, or for a worker once it is out. */
export function isHeld({ status, claims }: ModelJob, suspect: Suspect): boolean {
  return status === 'queued' && claims === suspect.claims
}

export function isOnTrial({ status, claims }: ModelJob, suspect: Suspect): boolean {
  return status === 'running' && claims === suspect.claims + 1
}

/** Of those that were lost together the next one, when the one before has passed. @returns whether anything changed */
export function letOut({ quarantine }: Model): boolean {
  let hasChanged = false
  for (const [job, suspect] of quarantine) {
    if (!suspect.isOut && nextOf(suspect.company, quarantine) !== job) continue
    if (isHeld(job, suspect)) {
      if (suspect.isOut) continue
      suspect.isOut = true
      job.due = true
    } else if (isOnTrial(job, suspect) && !suspect.isTrialOver) continue
    else quarantine.delete(job)
    hasChanged = true
  }
  return hasChanged
}

function nextOf(company: readonly ModelJob[], quarantine: Quarantine): ModelJob | undefined {
  const held = company.flatMap((job) => {
    const suspect = quarantine.get(job)
    return suspect?.company === company ? [{ job, suspect }] : []
  })
  if (held.some(({ suspect }) => suspect.isOut)) return undefined
  held.sort(
    (a, b) =>
      Number(b.suspect.goesFirst) - Number(a.suspect.goesFirst) || (a.job.id < b.job.id ? -1 : 1),
  )
  return held[0]?.job
}

/** A trial that has lasted long enough is over. */
export function endTrials({ quarantine }: Model): void {
  for (const [job, suspect] of quarantine) if (isOnTrial(job, suspect)) suspect.isTrialOver = true
}
