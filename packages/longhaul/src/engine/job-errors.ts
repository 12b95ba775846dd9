import {
  hasForbiddenCharacter,
  isJobId,
  isName,
  isSettled,
  type JobStatus,
  limits,
  LonghaulError,
  utf8Bytes,
} from '../core/index.js'

/** Malformed, unknown and somebody else's look the same. */
export function notFound(id: string): LonghaulError {
  const shown = isJobId(id) ? `job ${id}` : 'job with this id'
  return new LonghaulError('job_not_found', `There is no ${shown}, or it is not yours to see.`)
}

export function invalidState(
  { id, status }: { id: string; status: JobStatus },
  action: string,
): LonghaulError {
  return new LonghaulError(
    'invalid_state',
    `Job ${id} is ${status}, from which there is no ${action}, so nothing was changed.`,
    { issues: [{ pointer: '/status', code: status, message: `is ${status}` }] },
  )
}

export function stillCancelling(id: string): LonghaulError {
  return new LonghaulError(
    'invalid_state',
    `What job ${id} has spawned is still being cancelled, so nothing was retried. Retry it in a moment.`,
    { issues: [{ pointer: '/status', code: 'cancelled', message: 'is still being cancelled' }] },
  )
}

export function notSettled(id: string, status: JobStatus): LonghaulError {
  const why = isSettled(status)
    ? 'and is still being cleaned up, or what it has spawned is still being cancelled, so it was not deleted. Delete it in a moment.'
    : 'so it was not deleted. Cancel it first, and delete it once it has settled.'
  return new LonghaulError('job_not_settled', `Job ${id} is ${status}, ${why}`)
}

export function checkSignal(name: string, idempotencyKey: string | undefined): void {
  if (!isName(name)) {
    throw new LonghaulError(
      'invalid_parameter',
      'The name of a signal is 1 to 64 of a-z, 0-9, ".", "_" and "-", and begins with a letter or digit. Nothing was sent.',
    )
  }
  if (idempotencyKey === undefined) return
  const bytes = utf8Bytes(idempotencyKey)
  const isText = !hasForbiddenCharacter(idempotencyKey)
  if (bytes >= 1 && bytes <= limits.idempotencyKeyBytes && isText) return
  throw new LonghaulError(
    'invalid_header',
    `An idempotency key is 1 to ${limits.idempotencyKeyBytes} bytes of text, and this is ${isText ? `of ${bytes}` : 'no text'}. Nothing was sent.`,
  )
}

export function tooManySignals(id: string): LonghaulError {
  return new LonghaulError(
    'too_many_signals',
    `${limits.signalsPerJob} signals of job ${id} wait to be received, so this one was not stored. Send it again when the job has taken some.`,
  )
}

export function tooMany(count: number): LonghaulError {
  return new LonghaulError(
    'payload_too_large',
    `${count} jobs were given at once, and at most ${limits.jobsPerBatch} are taken. None was enqueued. Give them in several calls.`,
  )
}

export function tooManyItems(count: number): LonghaulError {
  return new LonghaulError(
    'payload_too_large',
    `A batch of ${count} items was asked for, and one can have ${limits.itemsPerBatch}. Nothing was enqueued. Make several batches.`,
  )
}

/** Says which of many was refused. `list`: a pointer to them. */
export function inItem(n: number, error: unknown, list = ''): unknown {
  if (!LonghaulError.is(error)) return error
  return new LonghaulError(error.code, `Of the jobs in the list, number ${n}: ${error.message}`, {
    issues: error.issues.map((issue) => ({ ...issue, pointer: `${list}/${n}${issue.pointer}` })),
    cause: error,
  })
}
