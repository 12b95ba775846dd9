import { type Job, type Json, LonghaulError } from '../../core/index.js'
import type { HolderRow, InsertedJob, NewJob } from '../../postgres/index.js'
import { isWaiting } from './announce-inserted.js'
import type { EnqueueRequest } from './enqueue-request.js'

export interface Enqueued {
  readonly job: Job
  readonly epoch: string
  /** The job was there before: the request is a repetition. */
  readonly replayed: boolean
}

/** A refusal is an answer, so that it does not make the rest of its batch fail. */
export type EnqueueAnswer = Enqueued | { readonly refused: LonghaulError }

/** @throws the refusal */
export function accepted(answer: EnqueueAnswer): Enqueued {
  if ('refused' in answer) throw answer.refused
  return answer
}

export function answerInserted(
  { row, input }: EnqueueRequest,
  made: InsertedJob,
  epoch: string,
): Enqueued {
  return { job: asNewJob(row, input, made), epoch, replayed: false }
}

/** The job that holds the request's place, or why it may not. Nothing: by now none does. */
export function answerRepeated(
  row: NewJob,
  holders: readonly HolderRow[],
  epoch: string,
): EnqueueAnswer | undefined {
  const byId = holders.find((holder) => holder.id === row.id && holder.tenantId === row.tenantId)
  if (byId !== undefined && byId.ownerId !== row.ownerId) return { refused: idTaken(row.id) }
  const holder =
    byId ??
    holders.find(
      (each) =>
        each.tenantId === row.tenantId &&
        each.ownerId === row.ownerId &&
        each.idempotencyKey === row.idempotencyKey,
    )
  if (holder === undefined) return undefined
  if (holder.fingerprint !== (row.fingerprint ?? null)) return { refused: mismatch(row) }
  const { tenantId: _, fingerprint: __, idempotencyKey: ___, ...job } = holder
  // An id that we made ourselves is there because the answer to our insert was lost.
  return { job, epoch, replayed: row.fingerprint !== undefined }
}

function asNewJob(row: NewJob, input: Json, made: InsertedJob): Job {
  return {
    id: row.id,
    type: row.type,
    typeVersion: row.typeVersion,
    queue: row.queue,
    ownerId: row.ownerId,
    visibility: row.visibility,
    priority: row.priority,
    input,
    metadata: row.metadata === undefined ? null : JSON.parse(row.metadata),
    tags: row.tags,
    parentId: null,
    createdAt: made.createdAt,
    status: isWaiting(row) ? 'waiting' : 'queued',
    version: 1,
    progress: 0,
    stage: isWaiting(row) ? `0/${row.itemCount}` : null,
    result: null,
    error: null,
    attempt: 0,
    maxAttempts: row.attempts,
    runAt: made.runAt,
    deadlineAt: made.deadlineAt,
    cancelRequestedAt: null,
    startedAt: null,
    finishedAt: null,
    expiresAt: null,
  }
}

function idTaken(id: string): LonghaulError {
  return new LonghaulError(
    'id_taken',
    `A job cannot have the id ${id}, because it is in use. Nothing was enqueued. Make a new random id.`,
  )
}

function mismatch({ idempotencyKey }: NewJob): LonghaulError {
  const name = idempotencyKey === undefined ? 'id' : 'idempotency key'
  return new LonghaulError(
    'idempotency_mismatch',
    `A job was enqueued before with the same ${name} and a different request, so nothing was enqueued. ` +
      `Use a new ${name} for a new request, or repeat the first one unchanged.`,
  )
}
