/**
 * What a job run inline has stored, where its worker would have it in Postgres: steps, signals,
 * chunks of streams, progress. The handler, its steps and its waits are run by the engine's own code.
 */
import type { JobError, Json, StepKind } from '../core/index.js'
import type { JobServices, RunJob } from '../engine/index.js'
import type { NewChunk, StepPulse } from '../postgres/index.js'

export interface InlineStep {
  readonly key: string
  readonly kind: StepKind
  readonly status: 'running' | 'completed' | 'failed'
  /** How often its function was called, over all attempts. */
  readonly runs: number
  readonly result: unknown
}

export interface InlineProgress {
  readonly percent: number
  readonly stage: string | undefined
}

interface Signal {
  readonly id: string
  readonly name: string
  readonly payload: Json
  received: boolean
}

interface StoredStep {
  readonly pulse: StepPulse
  /** On the inline job's clock, in milliseconds. */
  readonly wakesAtMs: number | undefined
}

export interface InlineRecord extends Pick<JobServices, 'pulse' | 'streamWriter'> {
  /** What the next attempt has to know. */
  stored(): RunJob['stored']
  readonly steps: readonly InlineStep[]
  readonly progress: readonly InlineProgress[]
  /** What a stream holds for a reader. */
  stream(name: string): unknown[]
  addSignal(name: string, payload: Json): void
  /** Whether a signal has come that a wait stands for. */
  isAwaited(): boolean
}

const childless = { childId: null, childStatus: null, childResult: null, childError: null }

export function createInlineRecord(
  key: { tenantId: string; id: string },
  now: () => number,
): InlineRecord {
  const steps = new Map<string, StoredStep>()
  const signals: Signal[] = []
  const progress: InlineProgress[] = []
  let chunks: NewChunk[] = []

  function store(pulse: StepPulse): void {
    const before = steps.get(pulse.key)
    if (before?.pulse.status === 'completed') return
    const signal = signals.find(({ id }) => id === pulse.receives)
    if (signal !== undefined) signal.received = true
    const wakesAtMs = before === undefined ? inMs(pulse.wakesInMs) : before.wakesAtMs
    steps.set(pulse.key, { pulse, wakesAtMs })
  }

  function inMs(delayMs: number | undefined): number | undefined {
    return delayMs === undefined ? undefined : now() + delayMs
  }

  function isFinished(step: string | undefined): boolean {
    return step !== undefined && steps.get(step)?.pulse.status === 'completed'
  }

  function headOf(stream: string): RunJob['stored']['heads'][number] {
    const all = chunks.filter((chunk) => chunk.stream === stream)
    const kept = all.filter(({ step }) => isFinished(step))
    return {
      tenantId: key.tenantId,
      jobId: key.id,
      stream,
      seq: all.at(-1)?.seq ?? 0,
      bytes: kept.reduce((sum, { content }) => sum + content.length, 0),
      isStale: all.some(({ keep, step }) => keep === undefined && !isFinished(step)),
      finishedSteps: [...new Set(kept.flatMap(({ step }) => step ?? []))],
    }
  }

  return {
    pulse: {
      storeStep: async (_job, step) => store(step),
      progressChanged({ latest: { progress: percent = 0, stage } }) {
        progress.push({ percent, stage })
      },
      join: (transaction) => transaction,
      // There is no job to lock: the app's own writes alone are in its transaction.
      storeStepIn: async () => undefined,
      stepCommitted: (_job, step) => store(step),
      hasStored: async (_job, step) => isFinished(step),
      idle: async () => undefined,
    },
    streamWriter: {
      async write(_job, written) {
        for (const chunk of written) {
          const { keep, stream } = chunk
          if (keep !== undefined)
            chunks = chunks.filter(
              (each) =>
                each.stream !== stream || (each.step !== undefined && keep.includes(each.step)),
            )
          chunks.push(chunk)
        }
      },
      ended: () => undefined,
      close: async () => undefined,
    },
    stored: () => ({
      steps: [...steps.values()].map(({ pulse, wakesAtMs }) => ({
        tenantId: key.tenantId,
        jobId: key.id,
        key: pulse.key,
        position: pulse.position,
        kind: pulse.kind ?? 'step',
        status: pulse.status,
        runs: pulse.runs,
        result: asJson(pulse.result),
        hasResult: pulse.result !== undefined,
        error: pulse.error === undefined ? null : (JSON.parse(pulse.error) as JobError),
        wakesInMs: wakesAtMs === undefined ? null : wakesAtMs - now(),
        ...childless,
      })),
      signals: signals
        .filter(({ received }) => !received)
        .map(({ id, name, payload }) => ({
          tenantId: key.tenantId,
          jobId: key.id,
          id,
          name,
          payload,
        })),
      heads: [...new Set(chunks.map(({ stream }) => stream))].map(headOf),
    }),
    get steps() {
      return [...steps.values()].map(({ pulse }) => ({
        key: pulse.key,
        kind: pulse.kind ?? 'step',
        status: pulse.status,
        runs: pulse.runs,
        result: pulse.result === undefined ? undefined : (JSON.parse(pulse.result) as unknown),
      }))
    },
    progress,
    stream: (name) =>
      chunks
        .filter(({ stream }) => stream === name)
        .flatMap(({ content }) => JSON.parse(content) as unknown[]),
    addSignal(name, payload) {
      signals.push({ id: String(signals.length), name, payload, received: false })
    },
    isAwaited() {
      const awaited = [...steps.values()].filter(({ pulse }) => pulse.status === 'running')
      return awaited.some(({ pulse }) =>
        signals.some(({ name, received }) => !received && name === pulse.signalName),
      )
    },
  }
}

function asJson(text: string | undefined): Json {
  return text === undefined ? null : (JSON.parse(text) as Json)
}
