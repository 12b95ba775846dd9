/**
 * What a job run inline has stored, where its worker would have it in Postgres: steps, signals,
 * chunks of streams, progress. The handler, its steps and its waits are run by the engine's own code.
 */
import {
  isSettled,
  type JobError,
  type JobStatus,
  type Json,
  type StepKind,
} from '../core/index.js'
import type { JobServices, RunJob } from '../engine/index.js'
import type { JobKey, StepPulse } from '../postgres/index.js'
import { createInlineStreams } from './inline-streams.js'

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
  storeStep(step: StepPulse): void
  /** Whether a signal has come, or children have settled, that a wait stands for. */
  isAwaited(): boolean
}

/** What a parent can read of a job that it has spawned. */
interface Child {
  readonly status: JobStatus
  readonly result: unknown
  readonly error: JobError | undefined
}

interface InlineRecordOptions {
  readonly now: () => number
  childOf(id: string): Child | undefined
}

export function createInlineRecord(
  key: JobKey,
  { now, childOf }: InlineRecordOptions,
): InlineRecord {
  const steps = new Map<string, StoredStep>()
  const signals: Signal[] = []
  const progress: InlineProgress[] = []

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

  function childOfStep({ child: spawned, status }: StepPulse) {
    const child = spawned === undefined || status !== 'running' ? undefined : childOf(spawned.id)
    return {
      childId: spawned?.id ?? null,
      childStatus: child?.status ?? null,
      childResult: (child?.result ?? null) as Json,
      childError: child?.error ?? null,
    }
  }

  /** All children of one call have settled. */
  function isReached(): boolean {
    const groups = new Map<string, boolean>()
    for (const { pulse } of steps.values()) {
      if (pulse.child === undefined || pulse.status !== 'running') continue
      const { id, group } = pulse.child
      groups.set(group, (groups.get(group) ?? true) && isSettled(childOf(id)!.status))
    }
    return [...groups.values()].includes(true)
  }

  function isFinished(step: string | undefined): boolean {
    return step !== undefined && steps.get(step)?.pulse.status === 'completed'
  }

  const streams = createInlineStreams(key, isFinished)

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
    streamWriter: streams.writer,
    storeStep: store,
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
        ...childOfStep(pulse),
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
      heads: streams.heads(),
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
    stream: streams.read,
    addSignal(name, payload) {
      signals.push({ id: String(signals.length), name, payload, received: false })
    },
    isAwaited() {
      const awaited = [...steps.values()].filter(({ pulse }) => pulse.status === 'running')
      const isSignalled = awaited.some(({ pulse }) =>
        signals.some(({ name, received }) => !received && name === pulse.signalName),
      )
      return isSignalled || isReached()
    },
  }
}

function asJson(text: string | undefined): Json {
  return text === undefined ? null : (JSON.parse(text) as Json)
}
