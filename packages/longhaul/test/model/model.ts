/**
 * What jobs should be, in memory: the status table, and what each thing that can happen does to a
 * job. It knows nothing of leases, fences, hints or locks: those are there so that this is true.
 */
import { isSettled, type JobStatus } from '../../src/core/index.js'
import type { Quarantine } from './quarantine.js'
import type { Wait } from './waits.js'

/** What a test tells a handler to do next. */
export type Order =
  | { readonly to: 'step' | 'fail in a step' }
  | { readonly to: 'sleep' }
  | { readonly to: 'progress'; readonly percent: number }
  | { readonly to: 'wait'; readonly name: string; readonly timeout: boolean }
  /** `careful`: a child that fails is no reason to fail. */
  | { readonly to: 'spawn'; readonly children: number; readonly careful: boolean }
  | { readonly to: 'complete'; readonly value: number }
  | { readonly to: 'fail'; readonly retryable: boolean }

/** What has become of the items of a batch. */
export interface Items {
  total: number
  completed: number
  failed: number
  cancelled: number
}

export const noItems: Readonly<Items> = { total: 0, completed: 0, failed: 0, cancelled: 0 }

export interface ModelJob {
  /** Empty until it is seen under which id its parent has spawned it. */
  id: string
  readonly parent: ModelJob | undefined
  /** Of the step of its parent that waits for it. */
  readonly bornAs: string | undefined
  status: JobStatus | 'deleted'
  /** Whether a worker could take it, while it is queued. */
  due: boolean
  /** How often it was taken. */
  claims: number
  attempt: number
  maxAttempts: number
  /** Those that failed or were lost. */
  readonly attempts: { readonly attempt: number; readonly code: string }[]
  progress: number
  /** The attempt that was last did not count, so that the next one goes on with its progress. */
  handedBack: boolean
  errorCode: string | null
  result: unknown
  readonly steps: Map<string, string>
  stepsDone: number
  readonly waits: Wait[]
  /** Sent and not yet received. */
  readonly signals: { readonly name: string; readonly payload: number }[]
  /** Of a batch; as they are now, */
  readonly items: Items | undefined
  /** and as they were when it was last taken. */
  itemsSeen: Readonly<Items>
}

export interface Model {
  /** Tells the keys of this run from those of the one before. */
  readonly run: number
  readonly jobs: ModelJob[]
  readonly byKey: Map<string, ModelJob>
  readonly quarantine: Quarantine
  working: boolean
  zombies: number
}

export const attemptsOfPolicy = 3

export function createModel(run: number): Model {
  return { run, jobs: [], byKey: new Map(), quarantine: new Map(), working: true, zombies: 0 }
}

export function isLegal(job: ModelJob, action: 'cancel' | 'retry' | 'signal' | 'delete'): boolean {
  if (job.status === 'deleted') return false
  if (action === 'delete') return isSettled(job.status)
  if (action === 'retry') return job.status === 'failed' || job.status === 'cancelled'
  return !isSettled(job.status) || (action === 'cancel' && job.status === 'cancelled')
}

export function isOver({ status }: ModelJob): boolean {
  return status === 'deleted' || isSettled(status)
}

export function create(
  model: Model,
  id: string,
  more: Partial<Pick<ModelJob, 'status' | 'due' | 'parent' | 'bornAs' | 'items'>> = {},
): ModelJob {
  const job: ModelJob = {
    id,
    parent: undefined,
    bornAs: undefined,
    status: 'queued',
    due: true,
    claims: 0,
    attempt: 0,
    maxAttempts: attemptsOfPolicy,
    attempts: [],
    progress: 0,
    handedBack: false,
    errorCode: null,
    result: null,
    steps: new Map(),
    stepsDone: 0,
    waits: [],
    signals: [],
    items: undefined,
    itemsSeen: noItems,
    ...more,
  }
  model.jobs.push(job)
  return job
}

export function createBatch(model: Model, id: string, itemIds: readonly string[]): void {
  const items = { ...noItems, total: itemIds.length }
  const batch = create(model, id, { status: 'waiting', items })
  for (const itemId of itemIds) create(model, itemId, { parent: batch })
}
