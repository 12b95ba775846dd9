import {
  type Backoff,
  JobFailure,
  parseDuration,
  type StepOptions,
  wholeNumber,
} from '../../core/index.js'

/** The options of a step with their defaults, checked. */
export interface StepPolicy {
  readonly name: string
  readonly attempts: number
  readonly backoff: Backoff
  readonly timeoutMs: number | undefined
}

const defaults = parse('', {})

/** @throws {LonghaulError} `invalid_configuration`, naming the step and the option */
export function parseStepPolicy(name: string, options: StepOptions): StepPolicy {
  const isPlain = options.retry === undefined && options.timeout === undefined
  return isPlain ? { ...defaults, name } : parse(name, options)
}

function parse(name: string, { retry = {}, timeout }: StepOptions): StepPolicy {
  const { attempts = 1, minDelay = '1s', maxDelay = '1m' } = retry
  return {
    name,
    attempts: wholeNumber(`step ${name}: retry.attempts`, attempts, 1, 100),
    backoff: {
      baseMs: parseDuration(`step ${name}: retry.minDelay`, minDelay),
      maxMs: parseDuration(`step ${name}: retry.maxDelay`, maxDelay),
    },
    timeoutMs:
      timeout === undefined
        ? undefined
        : parseDuration(`step ${name}: timeout`, timeout, { min: 1, max: 24 * 86_400_000 }),
  }
}

/** Run work for as long as the policy allows. What it still does after that counts for nothing. */
export function withTimeout<T>(
  { name, timeoutMs }: StepPolicy,
  jobSignal: () => AbortSignal,
  work: (signal: () => AbortSignal) => Promise<T> | T,
): Promise<T> | T {
  return timeoutMs === undefined ? work(jobSignal) : endInTime(name, timeoutMs, jobSignal(), work)
}

async function endInTime<T>(
  name: string,
  timeoutMs: number,
  jobSignal: AbortSignal,
  work: (signal: () => AbortSignal) => Promise<T> | T,
): Promise<T> {
  const controller = new AbortController()
  const signal = AbortSignal.any([jobSignal, controller.signal])
  let timer: NodeJS.Timeout | undefined
  const timedOut = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const failure = new JobFailure(`The step ${name} took longer than ${timeoutMs / 1000} s.`, {
        code: 'step_timeout',
      })
      controller.abort(failure)
      reject(failure)
    }, timeoutMs)
  })
  try {
    return await Promise.race([work(() => signal), timedOut])
  } finally {
    clearTimeout(timer)
  }
}
