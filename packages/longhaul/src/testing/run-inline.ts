import {
  type Duration,
  encodeJson,
  isSettled,
  type JobDefinition,
  type JobError,
  type JobStatus,
  type Json,
  type Logger,
  LonghaulError,
  parseDuration,
  parseWith,
  type Principal,
  type Schema,
  type SchemaInput,
  type SchemaOutput,
} from '../core/index.js'
import { type JobServices, runCleanup, runJob, RunningJob } from '../engine/index.js'
import type { Outcome } from '../postgres/index.js'
import { createInlineRecord, type InlineProgress, type InlineStep } from './inline-record.js'

export interface InlineOptions {
  /** @defaultValue a user of a tenant, both called `test` */
  readonly principal?: Principal
  /**
   * Signals that have been sent before the job begins, by name.
   *
   * @defaultValue none
   */
  readonly signals?: Readonly<Record<string, Json>>
  /**
   * What `secrets.get` gives, by name.
   *
   * @defaultValue none
   */
  readonly secrets?: Readonly<Record<string, string>>
  /**
   * Where `log` goes.
   *
   * @defaultValue nowhere
   */
  readonly logger?: Logger
}

/** A job that was run as far as it could go: it has settled, or waits for a signal or for its clock. */
export interface InlineJob<Result> {
  readonly status: JobStatus
  readonly result: Result | undefined
  readonly error: JobError | undefined
  /** Of attempts that failed and were followed by another. */
  readonly failures: readonly JobError[]
  /** The attempt that runs or ran last. */
  readonly attempt: number
  readonly steps: readonly InlineStep[]
  /** All that the handler said, in its order. */
  readonly progress: readonly InlineProgress[]
  /** For how long it would still wait by itself, in milliseconds; absent when time does nothing. */
  readonly wakesInMs: number | undefined
  /** What is in a stream. */
  stream(name?: string): readonly unknown[]
  /** Move its clock, by default to the time for which it waits, and run it as far as it can go then. */
  advance(duration?: Duration): Promise<void>
  /** Send it a signal, and run it as far as it can go then. */
  signal(name: string, payload?: Json): Promise<void>
  /** Cancel it where it waits, and clean up after it: resolves when its `onCancel` is done, or given up. */
  cancel(reason?: string): Promise<void>
}

const nobody: Principal = { tenantId: 'test', userId: 'test', roles: [] }
const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

/**
 * Run a job of a type without a database, a worker or a wait: steps, retries, waits, signals and
 * streams go as they do in a worker, and its clock is moved by the test. Sleeps of up to a second,
 * waits between the tries of one step, timeouts and `sleepUntil` keep to the machine's clock. A job
 * that spawns others fails here: it needs a worker. A step's transaction is opened where the step says.
 *
 * @throws {LonghaulError} `invalid_input`
 * @example
 * const job = await runInline(approval, { amount: 40 })
 * await job.signal('approved', true)
 * expect(job.status).toBe('completed')
 */
export async function runInline<I extends Schema, R extends Schema>(
  definition: JobDefinition<string, I, R>,
  input: SchemaInput<I>,
  options: InlineOptions = {},
): Promise<InlineJob<SchemaOutput<R>>> {
  const { principal = nobody, signals = {}, secrets = {}, logger = silent } = options
  const { tenantId, userId: ownerId } = principal
  const key = { tenantId, id: '00000000-0000-7000-8000-000000000000' }
  const claimed = {
    ...key,
    ownerId,
    type: definition.type,
    typeVersion: definition.version,
    queue: definition.queue,
    input: await parseInput(definition, input),
    maxAttempts: definition.attempts,
    woken: false,
    deadlineInMs: null,
    itemCount: null,
    parentId: null,
  }
  let nowMs = 0
  let status: JobStatus = 'queued'
  let result: unknown
  let error: JobError | undefined
  let attempt = 0
  let fence = 0
  let dueAtMs: number | undefined = 0
  const failures: JobError[] = []
  const record = createInlineRecord(key, () => nowMs)
  for (const [name, payload] of Object.entries(signals)) record.addSignal(name, payload)
  const services: JobServices = {
    pulse: record.pulse,
    streamWriter: record.streamWriter,
    finisher: { finish: async (_job, outcome) => end(outcome), idle: async () => undefined },
    offspring: { request: cannotSpawn, insert: cannotSpawn },
    readItems: async () => [],
    readSecret: async (_job, name) => secrets[name],
    msUntil: async (time) => time.getTime() - Date.now(),
    logger,
    stopGraceMs: 1000,
  }

  function end(outcome: Outcome): void {
    dueAtMs = undefined
    switch (outcome.action) {
      case 'complete':
        status = 'completed'
        result = JSON.parse(outcome.result)
        return
      case 'fail':
        status = 'failed'
        error = JSON.parse(outcome.error) as JobError
        return
      case 'reschedule':
        status = 'queued'
        failures.push(JSON.parse(outcome.error) as JobError)
        dueAtMs = nowMs + outcome.delayMs
        return
      case 'suspend':
        status = 'waiting'
        attempt -= 1
        dueAtMs = outcome.delayMs === undefined ? undefined : nowMs + outcome.delayMs
        return
      case 'release':
        throw new Error('Nobody tells an inline job to stop.')
    }
  }

  function canGoOn(): boolean {
    if (isSettled(status)) return false
    return (
      (dueAtMs !== undefined && dueAtMs <= nowMs) || (status === 'waiting' && record.isAwaited())
    )
  }

  async function goOn(): Promise<void> {
    while (canGoOn()) {
      attempt += 1
      fence += 1
      status = 'running'
      const worker = { workerId: 'inline', claimNumber: fence }
      await runJob({
        job: new RunningJob({ ...claimed, attempt, fence }, worker),
        definition,
        stored: record.stored(),
        services,
      })
    }
  }

  async function cleanUp(reason: string | null): Promise<void> {
    const finished = record.stored().steps.filter((step) => step.status === 'completed')
    const steps = finished
      .filter(({ kind }) => kind === 'step')
      .map(({ key: step, hasResult, result: value }) => ({
        key: step,
        ...(hasResult ? { result: value } : {}),
      }))
    const cleanup = { ...claimed, runId: 'inline', requestedBy: ownerId, reason, steps }
    const shutdown = new AbortController().signal
    for (let run = 1; ; run += 1) {
      const once = { cleanup: { ...cleanup, run }, definition, logger, shutdown }
      if ((await runCleanup({ ...once, stopGraceMs: 1000 })).done) return
    }
  }

  await goOn()
  return {
    get status() {
      return status
    },
    get result() {
      return result as SchemaOutput<R> | undefined
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
    progress: record.progress,
    get wakesInMs() {
      return dueAtMs === undefined ? undefined : dueAtMs - nowMs
    },
    stream: (name = 'output') => record.stream(name),
    async advance(duration) {
      if (duration !== undefined) nowMs += parseDuration('the time to advance', duration)
      else if (dueAtMs !== undefined) nowMs = Math.max(nowMs, dueAtMs)
      await goOn()
    },
    async signal(name, payload = null) {
      record.addSignal(name, payload)
      await goOn()
    },
    async cancel(reason) {
      if (isSettled(status)) return
      status = 'cancelled'
      dueAtMs = undefined
      if (fence > 0) await cleanUp(reason ?? null)
    },
  }
}

async function cannotSpawn(): Promise<never> {
  throw new LonghaulError(
    'invalid_configuration',
    'runInline runs one job, and this one has spawned another, which nobody would run. Test it with a worker on startTestDatabase().',
  )
}

async function parseInput<I extends Schema>(
  { type, input: schema }: JobDefinition<string, I>,
  input: unknown,
): Promise<Json> {
  const checked = await parseWith(schema, input, '/input')
  if (!checked.ok)
    throw new LonghaulError('invalid_input', `The input does not fit the schema of ${type}.`, {
      issues: checked.issues,
    })
  return JSON.parse(encodeJson(checked.value, { what: 'the input' })) as Json
}
