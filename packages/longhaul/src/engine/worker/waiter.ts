import {
  type Duration,
  encodeJson,
  type JobContext,
  JobFailure,
  limits,
  type Logger,
  parseDuration,
  parseTime,
  parseWith,
  type Schema,
  type StepKind,
  type WaitForSignal,
  type WaitForSignalOptions,
} from '../../core/index.js'
import type { StepPulse, WaitingSignal } from '../../postgres/index.js'
import type { Entry, Journal } from './journal.js'
import type { Rest } from './rest.js'

export interface WaiterOptions {
  readonly attempt: number
  readonly journal: Journal
  readonly rest: Rest
  /** What came before this attempt. What comes while it runs is there after its next suspension. */
  readonly signals: readonly WaitingSignal[]
  readonly log: Logger
  /** How far off a time is, by the one clock that all workers share. */
  msUntil(time: Date): Promise<number>
  checkOpen(): void
  store(step: StepPulse, options: { readonly urgent: boolean }): Promise<void>
}

type Waits = Pick<JobContext<unknown>, 'sleep' | 'sleepUntil' | 'waitForSignal'>

/** `sleep`, `sleepUntil` and `waitForSignal` of one attempt. */
export function createWaiter(options: WaiterOptions): Waits {
  const { journal, rest, checkOpen, store } = options
  const loadedAt = performance.now()
  const signals = [...options.signals]

  async function sleepFor(
    name: string,
    key: string | undefined,
    duration: () => number | Promise<number>,
  ): Promise<void> {
    checkOpen()
    const entry = journal.enter('sleep', name, key)
    const ends = rest.workBegins()
    try {
      if (entry.before?.status === 'completed') return
      const pulse = pulseOf('sleep', entry)
      const leftMs = remainingMs(entry) ?? (await begin(pulse, await duration()))
      await rest.sleep(leftMs)
      await store({ ...pulse, status: 'completed', finishedMsAgo: 0 }, { urgent: true })
    } finally {
      entry.leave()
      ends()
    }
  }

  function pulseOf(kind: StepKind, { key, position, before }: Entry): StepPulse {
    const runs = before?.runs ?? 1
    return {
      key,
      kind,
      position,
      runs,
      status: 'running',
      attempt: options.attempt,
      startedMsAgo: 0,
    }
  }

  /** What is left of a wait that an earlier attempt began. */
  function remainingMs({ before }: Entry): number | undefined {
    if (before === undefined || before.wakesInMs === null) return undefined
    return Math.max(0, before.wakesInMs - (performance.now() - loadedAt))
  }

  /** Of a wait of an earlier attempt: its time had come before this one began. */
  function wasOver({ before }: Entry): boolean {
    return before !== undefined && before.wakesInMs !== null && before.wakesInMs <= 0
  }

  /** Stored before the wait: whoever sends the signal sees by it that the job waits for it. */
  async function begin<Wait extends number | undefined>(
    pulse: StepPulse,
    wakesInMs: Wait,
  ): Promise<Wait> {
    await store(wakesInMs === undefined ? pulse : { ...pulse, wakesInMs }, { urgent: true })
    return wakesInMs
  }

  /** The next signal of this name that fits. One that does not is dropped, for whoever sent it is not here any more. */
  async function takeSignal(
    name: string,
    pulse: StepPulse,
    schema: Schema | undefined,
  ): Promise<{ readonly value: unknown } | undefined> {
    for (;;) {
      const n = signals.findIndex((signal) => signal.name === name)
      if (n === -1) return undefined
      const [signal] = signals.splice(n, 1) as [WaitingSignal]
      const checked =
        schema === undefined
          ? ({ ok: true, value: signal.payload } as const)
          : await parseWith(schema, signal.payload, '/payload')
      const received = { ...pulse, receives: signal.id }
      if (!checked.ok) {
        options.log.warn(
          { signal: name, issues: checked.issues },
          'dropped a signal that its schema refuses',
        )
        await store(received, { urgent: true })
        continue
      }
      const result = encodeJson(checked.value, {
        what: `the signal ${name}`,
        badCharacters: 'replace',
      })
      await store({ ...received, status: 'completed', result, finishedMsAgo: 0 }, { urgent: true })
      return { value: checked.value }
    }
  }

  return {
    sleep: (duration, { key } = {}) => sleepFor('sleep', key, () => parseLength('sleep', duration)),
    sleepUntil: (time, { key } = {}) =>
      sleepFor('sleep', key, async () => Math.max(0, await options.msUntil(asTime(time)))),

    waitForSignal: waitForSignal as WaitForSignal,
  }

  async function waitForSignal(
    name: string,
    { timeout, schema, key }: WaitForSignalOptions & { readonly schema?: Schema } = {},
  ): Promise<unknown> {
    checkOpen()
    const entry = journal.enter('signal', name, key)
    const ends = rest.workBegins()
    try {
      const { before } = entry
      if (before?.status === 'completed') return before.hasResult ? before.result : undefined
      const pulse = { ...pulseOf('signal', entry), signalName: name }
      const taken = await takeSignal(name, pulse, schema)
      if (taken !== undefined) return taken.value
      const limitMs =
        timeout === undefined ? undefined : parseLength(`the timeout of ${name}`, timeout)
      if (before === undefined) await begin(pulse, limitMs)
      const leftMs = remainingMs(entry) ?? limitMs
      // The time is over only for an attempt that began after it was: what came before, it has seen.
      if (!wasOver(entry)) return await rest.wait(leftMs)
      await store({ ...pulse, status: 'completed', finishedMsAgo: 0 }, { urgent: true })
      return undefined
    } finally {
      entry.leave()
      ends()
    }
  }
}

function parseLength(what: string, duration: Duration): number {
  return parseDuration(what, duration, { max: limits.delayMs })
}

function asTime(time: Date | string): Date {
  const at = parseTime(time)
  if (at !== undefined && at - Date.now() <= limits.delayMs) return new Date(at)
  throw new JobFailure(
    `sleepUntil was given ${JSON.stringify(time)}, which is no time within the next five years. Give a Date, or RFC 3339 with an offset.`,
    { code: 'invalid_time', retryable: false },
  )
}
