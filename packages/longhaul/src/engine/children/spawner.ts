import {
  ChildFailure,
  type ChildFailureCode,
  encodeJson,
  type FailedChild,
  isSettled,
  type JobContext,
  type Json,
  type SpawnAll,
  type SpawnOptions,
  type SpawnRequest,
} from '../../core/index.js'
import type { ClaimedJob, NewJob, StepPulse, StoredStep } from '../../postgres/index.js'
import type { NewChild } from './insert-children.js'
import type { EnqueueOptions } from '../enqueue/enqueue-options.js'
import type { Entry, Journal } from '../worker/journal.js'
import type { Rest } from '../worker/rest.js'
import type { RunningJob } from '../worker/running-job.js'

/** How jobs have others made. */
export interface Offspring {
  /** Check a request, and say what row it asks for. */
  request(type: string, input: unknown, options: EnqueueOptions): Promise<NewJob>
  /** Resolves when the children and the steps that wait for them are committed. */
  insert(parent: RunningJob, children: readonly NewChild[]): Promise<void>
}

export interface SpawnerOptions {
  readonly parent: RunningJob
  readonly offspring: Offspring
  readonly journal: Journal
  readonly rest: Rest
  checkOpen(): void
  store(step: StepPulse, options: { readonly urgent: boolean }): Promise<void>
}

type Request = SpawnRequest | (SpawnOptions & { readonly job: string; readonly input: unknown })

/** `spawn` and `spawnAll` of one attempt. */
export function createSpawner(
  options: SpawnerOptions,
): Pick<JobContext<unknown>, 'spawn' | 'spawnAll'> {
  return {
    spawn: async (job, input, more = {}) => {
      const [result] = await spawnTogether(options, [{ ...more, job, input }])
      return result as never
    },
    spawnAll: ((requests: readonly Request[]) => spawnTogether(options, requests)) as SpawnAll,
  }
}

async function spawnTogether(
  options: SpawnerOptions,
  requests: readonly Request[],
): Promise<Json[]> {
  const { journal, rest, checkOpen, offspring, parent } = options
  checkOpen()
  const calls = requests.map(({ job, key }) => ({ name: typeOf(job), key }))
  const entries = journal.enterAll('child', calls)
  const ends = rest.workBegins()
  try {
    const unborn = entries.flatMap((entry, n) =>
      entry.before === undefined ? [{ entry, request: requests[n]! }] : [],
    )
    const group = unborn[0]?.entry.key
    if (group !== undefined) {
      const children = unborn.map((each) => asChild(options, { ...each, group }))
      await parent.track(offspring.insert(parent, await Promise.all(children)))
    }
    if (!entries.every(({ before }) => isOver(before))) return await rest.wait(undefined)
    return await collect(options, entries, calls)
  } finally {
    for (const entry of entries) entry.leave()
    ends()
  }
}

function typeOf(job: Request['job']): string {
  return typeof job === 'string' ? job : job.type
}

/** Whether there is nothing to wait for: it was told before, or was deleted and does not come any more. */
function isOver(step: StoredStep | undefined): boolean {
  if (step === undefined) return false
  if (step.status !== 'running' || step.childStatus === null) return true
  return isSettled(step.childStatus)
}

async function asChild(
  { parent: { claimed: parent }, offspring }: SpawnerOptions,
  { entry, request, group }: { entry: Entry; request: Request; group: string },
): Promise<NewChild> {
  const { job, input, key: _, ...options } = request
  const principal = { tenantId: parent.tenantId, userId: parent.ownerId, roles: [] }
  const row = await offspring.request(typeOf(job), input, { ...options, principal })
  return {
    row: { ...row, parentId: parent.id },
    step: {
      ...pulseOf(parent, entry, { id: row.id, group }),
      status: 'running',
    },
  }
}

function pulseOf(
  { attempt }: ClaimedJob,
  { key, position, before }: Entry,
  child: NonNullable<StepPulse['child']>,
): Omit<StepPulse, 'status'> {
  return { key, kind: 'child', child, position, runs: before?.runs ?? 1, attempt, startedMsAgo: 0 }
}

/** All have settled: store what this attempt is the first to read, and then give it or throw it. */
async function collect(
  { parent: { claimed: parent }, store }: SpawnerOptions,
  entries: readonly Entry[],
  calls: readonly { readonly name: string }[],
): Promise<Json[]> {
  const outcomes = await Promise.all(
    entries.map(async (entry, n) => {
      const before = entry.before!
      if (before.status === 'completed') return before.result
      if (before.status === 'failed') return failureTold(before)
      const outcome = outcomeOf(before, calls[n]!.name)
      const child = { id: before.childId!, group: entry.key }
      const pulse = { ...pulseOf(parent, entry, child), ...outcome.pulse, finishedMsAgo: 0 }
      await store(pulse, { urgent: true })
      return outcome.value
    }),
  )
  for (const outcome of outcomes) if (outcome instanceof ChildFailure) throw outcome
  return outcomes as Json[]
}

/** As an earlier attempt was told, whatever has become of the child since: only who retries this job has it looked at again. */
function failureTold({ error }: StoredStep): ChildFailure {
  const { code, context } = error!
  return new ChildFailure(code as ChildFailureCode, context as unknown as FailedChild)
}

function outcomeOf(
  step: StoredStep,
  childType: string,
): { value: Json | ChildFailure; pulse: Pick<StepPulse, 'status' | 'result' | 'error'> } {
  const { childId, childStatus, childResult, childError } = step
  if (childStatus === 'completed') {
    const result = encodeJson(childResult, { what: `the result of ${childType}` })
    return { value: childResult, pulse: { status: 'completed', result } }
  }
  const code =
    childStatus === null
      ? 'child_deleted'
      : childStatus === 'cancelled'
        ? 'child_cancelled'
        : 'child_failed'
  const failure = new ChildFailure(code, { childId: childId!, childType, error: childError })
  const { message, context, retryable } = failure
  const error = JSON.stringify({ code, message, context, retryable })
  return { value: failure, pulse: { status: 'failed', error } }
}
