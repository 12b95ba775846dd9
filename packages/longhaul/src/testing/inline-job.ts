import {
  type Duration,
  isSettled,
  type JobDefinition,
  type JobError,
  type JobStatus,
  type Json,
  type Principal,
} from '../core/index.js'
import { type JobServices, runJob, RunningJob, type Secrets } from '../engine/index.js'
import type { Outcome } from '../postgres/index.js'
import { cleanUpInline } from './clean-up-inline.js'
import type { Family } from './inline-family.js'
import { createInlineOffspring, type InlineChild } from './inline-offspring.js'
import { createInlineRecord, type InlineProgress, type InlineStep } from './inline-record.js'

/** A job that was run as far as it could go: it has settled, or waits for a signal, for another job or for its clock. */
export interface InlineJob<Result> {
  readonly type: string
  readonly status: JobStatus
  readonly result: Result | undefined
  readonly error: JobError | undefined
  /** Of attempts that failed and were followed by another. */
  readonly failures: readonly JobError[]
  /** The attempt that runs or ran last. */
  readonly attempt: number
  readonly steps: readonly InlineStep[]
  /** The jobs that it has spawned, in the order in which it did. */
  readonly children: readonly InlineJob<unknown>[]
  /** All that the handler said, in its order. */
  readonly progress: readonly InlineProgress[]
  /** For how long it would still wait by itself, in milliseconds; absent when time does nothing. */
  readonly wakesInMs: number | undefined
  /** What is in a stream. */
  stream(name?: string): readonly unknown[]
  /**
   * Move the clock that it shares with what it has spawned, by default to the next time for which one of
   * them waits, and run them as far as they can go then.
   */
  advance(duration?: Duration): Promise<void>
  /** Send it a signal, and run it as far as it can go then. */
  signal(name: string, payload?: Json): Promise<void>
  /** Cancel it where it waits, with what it has spawned, and clean up after it: resolves when its `onCancel` is done, or given up. */
  cancel(reason?: string): Promise<void>
}

export interface InlineJobOptions {
  readonly definition: JobDefinition
  readonly id: string
  readonly parentId: string | null
  readonly input: Json
  readonly principal: Principal
  readonly secrets: Secrets
  /** Those that have come before it begins, by name. */
  readonly signals?: Readonly<Record<string, Json>>
  readonly delayMs: number
}

/** Make a job of a family, which then runs it. */
export function createInlineJob(family: Family, options: InlineJobOptions): InlineJob<unknown> {
  const { definition, id, parentId, input, principal, secrets, signals = {}, delayMs } = options
  const key = { tenantId: principal.tenantId, id }
  const claimed = {
    ...key,
    ownerId: principal.userId,
    type: definition.type,
    typeVersion: definition.version,
    queue: definition.queue,
    input,
    maxAttempts: definition.attempts,
    woken: false,
    deadlineInMs: null,
    itemCount: null,
    parentId,
  }
  let status: JobStatus = 'queued'
  let result: Json | undefined
  let error: JobError | undefined
  let attempt = 0
  let fence = 0
  let dueAtMs: number | undefined = family.nowMs() + delayMs
  const failures: JobError[] = []
  const children = new Map<string, InlineJob<unknown>>()
  const record = createInlineRecord(key, {
    now: family.nowMs,
    childOf: (each) => children.get(each),
  })
  for (const [name, payload] of Object.entries(signals)) record.addSignal(name, payload)
  const services: JobServices = {
    pulse: record.pulse,
    streamWriter: record.streamWriter,
    finisher: { finish: async (_job, outcome) => end(outcome), idle: async () => undefined },
    offspring: createInlineOffspring(family, beget),
    readItems: async () => [],
    readSecret: async (_job, name) => secrets[name],
    msUntil: async (time) => time.getTime() - Date.now(),
    logger: family.logger,
    stopGraceMs: 1000,
  }

  function beget({ row, step, secrets: ofChild }: InlineChild): void {
    const child = createInlineJob(family, {
      definition: family.definitions.get(row.type)!,
      id: row.id,
      parentId: id,
      input: JSON.parse(row.input) as Json,
      principal,
      secrets: ofChild,
      delayMs: row.delayMs,
    })
    children.set(row.id, child)
    record.storeStep(step)
  }

  function end(outcome: Outcome): void {
    dueAtMs = undefined
    switch (outcome.action) {
      case 'complete':
        status = 'completed'
        result = JSON.parse(outcome.result) as Json
        return
      case 'fail':
        status = 'failed'
        error = JSON.parse(outcome.error) as JobError
        return
      case 'reschedule':
        status = 'queued'
        failures.push(JSON.parse(outcome.error) as JobError)
        dueAtMs = family.nowMs() + outcome.delayMs
        return
      case 'suspend':
        status = 'waiting'
        attempt -= 1
        dueAtMs = outcome.delayMs === undefined ? undefined : family.nowMs() + outcome.delayMs
        return
      case 'release':
        throw new Error('Nobody tells an inline job to stop.')
    }
  }

  family.join({
    canGoOn() {
      if (isSettled(status)) return false
      const isDue = dueAtMs !== undefined && dueAtMs <= family.nowMs()
      return isDue || (status === 'waiting' && record.isAwaited())
    },
    async attempt() {
      attempt += 1
      fence += 1
      status = 'running'
      await runJob({
        job: new RunningJob(
          { ...claimed, attempt, fence },
          { workerId: 'inline', claimNumber: fence },
        ),
        definition,
        stored: record.stored(),
        services,
      })
    },
    dueAtMs: () => dueAtMs,
  })

  return {
    type: definition.type,
    get status() {
      return status
    },
    get result() {
      return result
    },
    get error() {
      return error
    },
    failures,
    get attempt() {
      return attempt
    },
    get steps() {
      return record.steps
    },
    get children() {
      return [...children.values()]
    },
    progress: record.progress,
    get wakesInMs() {
      if (dueAtMs !== undefined) return dueAtMs - family.nowMs()
      const waits = [...children.values()].flatMap(({ wakesInMs }) => wakesInMs ?? [])
      return isSettled(status) || waits.length === 0 ? undefined : Math.min(...waits)
    },
    stream: (name = 'output') => record.stream(name),
    async advance(duration) {
      family.advance(duration)
      await family.goOn()
    },
    async signal(name, payload = null) {
      record.addSignal(name, payload)
      await family.goOn()
    },
    async cancel(reason) {
      if (isSettled(status)) return
      status = 'cancelled'
      dueAtMs = undefined
      if (fence > 0)
        await cleanUpInline(
          { ...claimed, reason: reason ?? null, steps: record.stored().steps },
          definition,
          family.logger,
        )
      for (const child of children.values()) await child.cancel(reason)
      await family.goOn()
    },
  }
}
