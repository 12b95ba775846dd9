import { isDeepStrictEqual } from 'node:util'
import { LonghaulError } from '../../src/core/index.js'
import { ada } from '../database.js'
import type { Model, ModelJob } from './model.js'
import type { World } from './world.js'

type View = Record<string, unknown>

/**
 * The database may take a moment to come to what the model says at once, and longer on a machine
 * that has much else to do; it may not stay elsewhere.
 */
const patienceMs = 60_000

/** Resolves when all jobs are as the model says. @throws what differs, when they do not become so */
export async function agree(model: Model, { engine, violations }: World): Promise<void> {
  const deadline = performance.now() + patienceMs
  for (let open = model.jobs; open.length > 0;) {
    const seen = await Promise.all(open.map(({ id }) => look(engine.jobs, id)))
    const different = open.flatMap((job, n) => {
      const expected = asView(job)
      return isDeepStrictEqual(seen[n], expected) ? [] : [{ job, expected, seen: seen[n] }]
    })
    if (different.length === 0) break
    if (performance.now() > deadline) {
      const [{ job, expected, seen: last } = { job: undefined }] = different
      throw new Error(
        `Job ${model.jobs.indexOf(job!)} should be ${JSON.stringify(expected)}, but is ${JSON.stringify(last)}`,
      )
    }
    open = different.map(({ job }) => job)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  if (violations.length > 0) throw new Error(violations.join('\n'))
}

async function look(jobs: World['engine']['jobs'], id: string): Promise<View> {
  try {
    const { value: job } = await jobs.get(ada, id)
    const steps = await jobs.steps(ada, id)
    return {
      status: job.status,
      attempt: job.attempt,
      maxAttempts: job.maxAttempts,
      progress: job.progress,
      errorCode: job.error?.code ?? null,
      result: job.result,
      steps: Object.fromEntries(
        steps.map(({ key, status, runs }) => [key, `${status} ${runs}`] as const).sort(),
      ),
    }
  } catch (error) {
    if (LonghaulError.is(error) && error.code === 'job_not_found') return { status: 'deleted' }
    throw error
  }
}

function asView(job: ModelJob): View {
  const { status, attempt, maxAttempts, progress, errorCode, result, steps } = job
  if (status === 'deleted') return { status }
  return {
    status,
    attempt,
    maxAttempts,
    progress,
    errorCode,
    result,
    steps: Object.fromEntries([...steps].sort()),
  }
}
