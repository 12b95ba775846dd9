'use client'
import { type ComponentProps, type ReactElement, useId } from 'react'
import type { Job } from '../../../client/index.js'
import { type JobAction, useJobActions } from '../../hooks/use-job-actions.js'
import { useJobProgress } from '../../hooks/use-job-progress.js'
import { useKeptFocus } from '../../hooks/use-kept-focus.js'
import { useWaitingFor } from '../../hooks/use-waiting-for.js'
import type { MessageChanges } from '../../messages/messages.js'
import { classNames } from '../class-names.js'
import { JobButtons } from '../job-buttons/job-buttons.js'
import { ProgressBar } from '../progress-bar/progress-bar.js'
import { StatusBadge } from '../status-badge/status-badge.js'
import { ProgressDetails } from './progress-details.js'

export type ProgressTrackerPart =
  | 'header'
  | 'label'
  | 'badge'
  | 'sentence'
  | 'bar'
  | 'figures'
  | 'details'
  | 'actions'
  | 'button'

export interface ProgressTrackerProps extends Omit<ComponentProps<'div'>, 'children'> {
  readonly job: Job
  /**
   * Names the work, visibly and for screen readers: "Trip to Lisbon".
   *
   * @defaultValue the provider's `messages.jobTitle(job)`
   */
  readonly label?: string
  /** Said once it has completed: "Your trip is ready". */
  readonly message?: string
  /** Shown while the job can be cancelled. When it rejects, the reason is shown. */
  readonly onCancel?: JobAction
  /** Shown when the job failed or was cancelled. When it rejects, the reason is shown. */
  readonly onRetry?: JobAction
  /**
   * Steps with their durations, times, attempts. `'closed'`: behind a disclosure that is closed at first.
   *
   * @defaultValue false
   */
  readonly showDetails?: boolean | 'closed'
  readonly messages?: MessageChanges
  readonly classNames?: Partial<Record<ProgressTrackerPart, string>>
}

/**
 * A job's status, progress, time and actions in one card. Style it by the `--longhaul-*` variables, by
 * a class for each part and by `data-status`. Milestones are announced, never each percent.
 */
export function ProgressTracker({
  job,
  label,
  message,
  onCancel,
  onRetry,
  showDetails = false,
  messages,
  className,
  classNames: parts,
  ...rest
}: ProgressTrackerProps): ReactElement {
  const labelId = useId()
  const waitingFor = useWaitingFor(job)
  const progress = useJobProgress(job, { label, message, waitingFor, messages })
  const actions = useJobActions(onCancel, onRetry)
  const keptFocus = useKeptFocus()
  return (
    <div
      role="group"
      aria-labelledby={labelId}
      {...keptFocus}
      {...rest}
      data-status={progress.status}
      className={classNames('longhaul longhaul-progress', className)}
    >
      <header className={classNames('longhaul-progress-header', parts?.header)}>
        <h3 id={labelId} className={classNames('longhaul-progress-label', parts?.label)}>
          <bdi>{progress.label}</bdi>
        </h3>
        <StatusBadge status={progress.status} messages={messages} className={parts?.badge} />
      </header>
      <p className={classNames('longhaul-progress-stage', parts?.sentence)}>
        <bdi>{progress.sentence}</bdi>
      </p>
      <ProgressBar progress={progress} labelledBy={labelId} className={parts?.bar} />
      <div className={classNames('longhaul-progress-figures', parts?.figures)}>
        <span>{progress.percentText}</span>
        <bdi>
          {[progress.elapsedText, progress.remainingText].filter((text) => text !== '').join(' · ')}
        </bdi>
      </div>
      <p role="alert" className="longhaul-problem">
        {actions.problem}
      </p>
      <JobButtons
        progress={progress}
        actions={actions}
        canCancel={onCancel !== undefined}
        canRetry={onRetry !== undefined}
        messages={messages}
        className={classNames('longhaul-progress-actions', parts?.actions)}
        buttonClassName={parts?.button}
      />
      {showDetails !== false && (
        <ProgressDetails
          job={job}
          messages={messages}
          isOpenAtFirst={showDetails === true}
          className={parts?.details}
        />
      )}
      <p role="status" className="longhaul-hidden">
        {progress.announcement}
      </p>
    </div>
  )
}
