import {
  describeFailure,
  encodeJson,
  JobFailure,
  limits,
  type Step,
  type StepContext,
  utf8Bytes,
} from '../../core/index.js'
import type { StepPulse, StoredStep } from '../../postgres/index.js'

export interface StepRunnerOptions {
  readonly jobId: string
  readonly attempt: number
  /** What earlier attempts have stored. */
  readonly stored: readonly StoredStep[]
  /** Throws when the handler has to stop. */
  checkOpen(): void
  /** Resolves when the step is committed; rejects when the claim is lost. */
  store(step: StepPulse, options: { readonly urgent: boolean }): Promise<void>
  /** Runs the work of a step: what it writes to streams belongs to the step. */
  inStep<T>(key: string, work: () => T): T
}

/** A step that takes longer than this is stored as running, so that it is seen, and counted if the process dies. */
const visibleAfterMs = 150

/** The `step` of one attempt. */
export function createStepRunner(options: StepRunnerOptions): Step {
  const stored = new Map(options.stored.map((each) => [each.key, each]))
  const uses = new Map<string, number>()
  let position = 0
  let active = 0
  let overlapped = false

  /** A name used again is counted, as long as the order of the steps is always the same. */
  function keyOf(name: string, key: string | undefined): string {
    if (key !== undefined) return `${name}:${key}`
    const count = (uses.get(name) ?? 0) + 1
    uses.set(name, count)
    if (count > 1 && overlapped) throw keyRequired(name)
    return count === 1 ? name : `${name}#${count}`
  }

  async function step<T>(
    name: string,
    ...rest:
      | [work: (context: StepContext) => Promise<T> | T]
      | [options: { readonly key: string }, work: (context: StepContext) => Promise<T> | T]
  ): Promise<T> {
    options.checkOpen()
    const [{ key: given }, work] = rest.length === 2 ? rest : [{ key: undefined }, rest[0]]
    if (active > 0) overlapped = true
    const key = checkKey(keyOf(name, given))
    const place = (position += 1)
    if (place > limits.stepsPerJob) throw tooMany()
    active += 1
    try {
      const before = stored.get(key)
      // A step that returned undefined has stored nothing, and gets undefined back.
      if (before?.status === 'completed') return await ((before.result ?? undefined) as T)
      return await runAndStore(
        options,
        { key, position: place, runs: (before?.runs ?? 0) + 1 },
        work,
      )
    } finally {
      active -= 1
    }
  }
  return step
}

async function runAndStore<T>(
  { jobId, attempt, store, checkOpen, inStep }: StepRunnerOptions,
  place: { key: string; position: number; runs: number },
  work: (context: StepContext) => Promise<T> | T,
): Promise<T> {
  const startedAt = performance.now()
  const pulse = (
    status: StepPulse['status'],
    more: { result?: string; error?: string } = {},
  ): StepPulse => ({
    ...place,
    ...more,
    attempt,
    status,
    startedMsAgo: performance.now() - startedAt,
    ...(status === 'running' ? {} : { finishedMsAgo: 0 }),
  })
  const visible = setTimeout(() => {
    // Whether it is seen is not worth failing for: what counts is stored when the step ends.
    store(pulse('running'), { urgent: false }).catch(() => undefined)
  }, visibleAfterMs)
  try {
    const context = { idempotencyKey: `${jobId}:${place.key}` }
    const result = await inStep(place.key, () => work(context))
    clearTimeout(visible)
    const text = result === undefined ? undefined : encodeResult(result, place.key)
    await store(pulse('completed', text === undefined ? {} : { result: text }), { urgent: true })
    return result
  } catch (error) {
    clearTimeout(visible)
    checkOpen()
    const described = JSON.stringify(describeFailure(error))
    await store(pulse('failed', { error: described }), { urgent: true })
    throw error
  }
}

/** What a handler made is kept even when it holds characters that Postgres cannot store. */
function encodeResult(result: unknown, key: string): string {
  return encodeJson(result, { what: `the result of step ${key}`, badCharacters: 'replace' })
}

function checkKey(key: string): string {
  const bytes = utf8Bytes(key)
  if (bytes > 0 && bytes <= 512) return key
  throw new JobFailure(`A step's name and key together must be 1 to 512 bytes, but are ${bytes}.`, {
    code: 'step_name_invalid',
    retryable: false,
  })
}

function keyRequired(name: string): JobFailure {
  return new JobFailure(
    `The step name "${name}" is used again after steps have run at the same time, so which result belongs to ` +
      'which could change from one attempt to the next. Give each its own: step(name, { key }, work).',
    { code: 'step_key_required', retryable: false },
  )
}

function tooMany(): JobFailure {
  return new JobFailure(
    `A job can have at most ${limits.stepsPerJob} steps. Do more in one step, or split the job.`,
    { code: 'too_many_steps', retryable: false },
  )
}
