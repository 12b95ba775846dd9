import { isDeepStrictEqual } from 'node:util'
import { isReplay } from '../seed.js'
import { look, type Sight, type View } from './look.js'
import type { Model, ModelJob } from './model.js'
import type { World } from './world.js'

interface Difference {
  readonly what: string
  readonly expected: unknown
  readonly seen: unknown
}

/**
 * The database may take a moment to come to what the model says at once, and longer on a machine
 * that has much else to do; it may not stay elsewhere. Less of it when a failure is made small.
 */
const patienceMs = isReplay ? 15_000 : 60_000

/** Resolves when all is as the model says, and nothing is under way that could change it. @throws what differs, when it does not become so */
export async function agree(model: Model, { engine, violations }: World): Promise<void> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const sight = await look(engine.db)
    meetChildren(model, sight)
    const different = firstDifference(model, sight)
    if (different === undefined) break
    if (performance.now() > deadline) {
      const { what, expected, seen } = different
      throw new Error(
        `${what} should be ${JSON.stringify(expected)}, but is ${JSON.stringify(seen)}`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  if (violations.length > 0) throw new Error(violations.join('\n'))
}

/** The ids of those that were spawned are in the steps of their parents. */
function meetChildren({ jobs }: Model, { children }: Sight): void {
  for (const job of jobs) {
    if (job.id !== '') continue
    const born = children.find(({ parent, key }) => parent === job.parent!.id && key === job.bornAs)
    job.id = born?.id ?? ''
  }
}

function firstDifference({ jobs, quarantine }: Model, sight: Sight): Difference | undefined {
  for (const [n, job] of jobs.entries()) {
    const seen = viewOf(job, sight.jobs[job.id])
    const expected = job.status === 'deleted' ? undefined : asView(job)
    if (!isDeepStrictEqual(seen, expected)) return { what: `Job ${n}`, expected, seen }
  }
  const expected = {
    jobs: jobs.filter(({ status }) => status !== 'deleted').length,
    running: jobs.flatMap(({ id, status }) => (status === 'running' ? [id] : [])).sort(),
    quarantined: [...quarantine]
      .map(
        ([{ id }, { isOut, goesFirst }]) =>
          `${id}${isOut ? ' out' : ' held'}${goesFirst ? ' first' : ''}`,
      )
      .sort(),
    underWay: 0,
  }
  const { running, quarantined, underWay } = sight
  const seen = { jobs: Object.keys(sight.jobs).length, running, quarantined, underWay }
  return isDeepStrictEqual(seen, expected)
    ? undefined
    : { what: 'What is going on', expected, seen }
}

/** How far a batch is that began before depends on whether its items were counted before it was taken again. */
function viewOf({ items, claims, progress }: ModelJob, view: View | undefined): View | undefined {
  if (items === undefined || claims === 0 || view?.status === 'completed') return view
  return view && { ...view, progress }
}

function asView(job: ModelJob): View {
  const { status, attempt, maxAttempts, attempts, progress, errorCode, result, steps } = job
  return {
    status,
    attempt,
    maxAttempts,
    attempts,
    progress,
    errorCode,
    result,
    steps: Object.fromEntries(steps),
  }
}
