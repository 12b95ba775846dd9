import { JobFailure, limits, type StepKind, utf8Bytes } from '../../core/index.js'
import type { StoredStep } from '../../postgres/index.js'

/** One step or wait that the handler has reached. */
export interface Entry {
  readonly key: string
  /** Which one it is, in the order in which the handler reached them. */
  readonly position: number
  /** What earlier attempts have stored of it. */
  readonly before: StoredStep | undefined
  /** The handler goes on. */
  leave(): void
}

/** Which stored result belongs to which call of the handler: by name, and by how often it was used. */
export interface Journal {
  /** @throws {JobFailure} `step_name_invalid`, `step_key_required`, `step_key_repeated`, `step_mismatch`, `too_many_steps` */
  enter(kind: StepKind, name: string, key: string | undefined): Entry
  /** Several that begin together: among themselves, their order is always the same. */
  enterAll(kind: StepKind, calls: readonly Call[]): Entry[]
  /** The keys of what is stored and was not entered, in its order. */
  notReached(): string[]
}

export interface Call {
  readonly name: string
  readonly key: string | undefined
}

export function createJournal(stored: readonly StoredStep[]): Journal {
  const byKey = new Map(stored.map((each) => [each.key, each]))
  const uses = new Map<string, number>()
  const keys = new Set<string>()
  const reached = new Set<string>()
  let position = 0
  let active = 0
  let overlapped = false

  /** A name used again is counted, as long as the order of the steps is always the same. */
  function keyOf(name: string, key: string | undefined): string {
    if (key !== undefined) return checkUnused(`${name}:${key}`)
    const count = (uses.get(name) ?? 0) + 1
    uses.set(name, count)
    if (count > 1 && overlapped) throw keyRequired(name)
    return count === 1 ? name : `${name}#${count}`
  }

  /** Twice the same key would be one stored result for two calls. */
  function checkUnused(key: string): string {
    if (keys.has(key)) throw keyRepeated(key)
    keys.add(key)
    return key
  }

  function enterOne(kind: StepKind, call: Call): Entry {
    const key = checkKey(keyOf(call.name, call.key))
    position += 1
    if (position > limits.stepsPerJob) throw tooMany()
    reached.add(key)
    const before = byKey.get(key)
    if (before !== undefined && before.kind !== kind) throw mismatch(key, before.kind, kind)
    return { key, position, before, leave: () => void (active -= 1) }
  }

  function enterAll(kind: StepKind, calls: readonly Call[]): Entry[] {
    if (active > 0) overlapped = true
    const entries = calls.map((call) => enterOne(kind, call))
    active += entries.length
    return entries
  }

  return {
    enterAll,
    enter: (kind, name, key) => enterAll(kind, [{ name, key }])[0]!,
    notReached: () =>
      stored
        .filter(({ key }) => !reached.has(key))
        .toSorted((a, b) => a.position - b.position)
        .map(({ key }) => key),
  }
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

function keyRepeated(key: string): JobFailure {
  return new JobFailure(
    `"${key}" was used twice in one attempt, so which result belongs to which could not be told. Give each its own key.`,
    { code: 'step_key_repeated', retryable: false },
  )
}

function mismatch(key: string, stored: StepKind, reached: StepKind): JobFailure {
  return new JobFailure(
    `"${key}" was stored as a ${stored} by an earlier attempt and is a ${reached} now, so what was stored does not fit. ` +
      "Give it another name, or the job type another version when its handler's order has changed.",
    { code: 'step_mismatch', retryable: false },
  )
}

function tooMany(): JobFailure {
  return new JobFailure(
    `A job can have at most ${limits.stepsPerJob} steps. Do more in one step, or split the job.`,
    { code: 'too_many_steps', retryable: false },
  )
}
