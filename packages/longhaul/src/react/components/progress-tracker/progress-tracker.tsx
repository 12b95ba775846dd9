'use client'
import { type ComponentProps, type ReactElement, useId } from 'react'
import { isSettled, type Job } from '../../../client/index.js'

export interface ProgressTrackerProps extends Omit<ComponentProps<'section'>, 'children'> {
  readonly job: Job
  /** Names the work, visibly and for screen readers: "Trip to Lisbon". */
  readonly label: string
  /** Shown while the job can be cancelled. */
  readonly onCancel?: () => void
  /** Shown when the job failed or was cancelled. */
  readonly onRetry?: () => void
  /** Times, attempts and the job's id. */
  readonly showDetails?: boolean
}

/**
 * A job's status, progress and actions in one card. Style it by the `--longhaul-*` variables, by the
 * parts' classes and by `data-status`. A change of status or stage is announced, never each percent.
 */
export function ProgressTracker({
  job,
  label,
  onCancel,
  onRetry,
  showDetails = false,
  className,
  ...rest
}: ProgressTrackerProps): ReactElement {
  const labelId = useId()
  const status = isCancelling(job) ? 'cancelling' : job.status
  const canCancel = onCancel !== undefined && !isSettled(job.status)
  const canRetry = onRetry !== undefined && (job.status === 'failed' || job.status === 'cancelled')
  return (
    <section
      aria-labelledby={labelId}
      data-status={status}
      className={`longhaul-progress ${className ?? ''}`}
      {...rest}
    >
      <header className="longhaul-progress-header">
        <h3 id={labelId} className="longhaul-progress-label">
          {label}
        </h3>
        <span className="longhaul-badge" data-status={status}>
          {names[status]}
        </span>
      </header>
      {!isSettled(job.status) && <Bar job={job} labelId={labelId} />}
      <p role="status" className="longhaul-progress-stage">
        {sentenceOf(job)}
      </p>
      {showDetails && <Details job={job} />}
      {(canCancel || canRetry) && (
        <div className="longhaul-progress-actions">
          {canCancel && (
            <button type="button" onClick={onCancel} disabled={isCancelling(job)}>
              {isCancelling(job) ? 'Cancelling…' : 'Cancel'}
            </button>
          )}
          {canRetry && (
            <button type="button" onClick={onRetry}>
              Retry
            </button>
          )}
        </div>
      )}
    </section>
  )
}

function Bar({ job, labelId }: { job: Job; labelId: string }): ReactElement {
  // Without a value the bar is indeterminate: how far the work is, is not known.
  const value = job.progress > 0 ? job.progress : undefined
  const text = value === undefined ? undefined : `${job.stage ?? 'Working'}, ${value} %`
  return (
    <progress
      className="longhaul-bar"
      aria-labelledby={labelId}
      aria-valuetext={text}
      max={100}
      value={value}
    />
  )
}

function Details({ job }: { job: Job }): ReactElement {
  return (
    <dl className="longhaul-progress-details">
      <dt>Created</dt>
      <dd>
        <time dateTime={job.createdAt}>{timeOf(job.createdAt)}</time>
      </dd>
      {job.startedAt !== null && job.finishedAt !== null && (
        <>
          <dt>Took</dt>
          <dd>{secondsBetween(job.startedAt, job.finishedAt)}</dd>
        </>
      )}
      <dt>Attempt</dt>
      <dd>
        {job.attempt} of {job.maxAttempts}
      </dd>
    </dl>
  )
}

const names = {
  queued: 'Queued',
  running: 'Running',
  waiting: 'Waiting',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
  cancelling: 'Cancelling…',
} as const

function isCancelling(job: Job): boolean {
  return job.cancelRequestedAt !== null && !isSettled(job.status)
}

function sentenceOf(job: Job): string {
  if (job.status === 'failed') return job.error.message
  if (isCancelling(job)) return 'Stopping the work…'
  if (isSettled(job.status)) return names[job.status]
  return job.stage ?? (job.status === 'queued' ? 'Waiting to start' : 'Working')
}

function timeOf(time: string): string {
  return new Date(time).toLocaleString()
}

function secondsBetween(from: string, to: string): string {
  return `${((Date.parse(to) - Date.parse(from)) / 1000).toFixed(1)} s`
}
