'use client'
import { type ComponentProps, type ReactElement, useId } from 'react'
import { isSettled, type Job } from '../../../client/index.js'
import { type JobAction, useJobActions } from '../../hooks/use-job-actions.js'
import { useJobProgress } from '../../hooks/use-job-progress.js'
import { useKeptFocus } from '../../hooks/use-kept-focus.js'
import { useNow } from '../../hooks/use-now.js'
import { formatAgo } from '../../messages/format.js'
import type { MessageChanges } from '../../messages/messages.js'
import { useMessages } from '../../messages/use-messages.js'
import { classNames } from '../class-names.js'
import { JobButtons } from '../job-buttons/job-buttons.js'
import { ProgressBar } from '../progress-bar/progress-bar.js'
import { StatusIcon } from '../status-icon/status-icon.js'

export type CompactProgressTrackerPart = 'icon' | 'label' | 'sentence' | 'figure' | 'bar' | 'button'

export interface CompactProgressTrackerProps extends Omit<ComponentProps<'div'>, 'children'> {
  readonly job: Job
  /** @defaultValue the provider's `messages.jobTitle(job)` */
  readonly label?: string
  /** Said once it has completed: "Your trip is ready". */
  readonly message?: string
  /** Where the job is shown in full: the label becomes a link. */
  readonly href?: string | undefined
  readonly onCancel?: JobAction | undefined
  readonly onRetry?: JobAction | undefined
  readonly messages?: MessageChanges | undefined
  readonly classNames?: Partial<Record<CompactProgressTrackerPart, string>>
}

/** A job in a row: for lists, panels and narrow places. */
export function CompactProgressTracker({
  job,
  label,
  message,
  href,
  onCancel,
  onRetry,
  messages: changes,
  className,
  classNames: parts,
  ...rest
}: CompactProgressTrackerProps): ReactElement {
  const labelId = useId()
  const messages = useMessages(changes)
  const progress = useJobProgress(job, { label, message, messages: changes })
  const actions = useJobActions(onCancel, onRetry)
  const keptFocus = useKeptFocus()
  const nowMs = useNow()
  const isRunning = job.status === 'running'
  const ago =
    job.finishedAt === null || nowMs === undefined
      ? ''
      : formatAgo(Math.max(0, nowMs - Date.parse(job.finishedAt)), messages.locale)
  return (
    <div
      role="group"
      aria-labelledby={labelId}
      {...keptFocus}
      {...rest}
      data-status={progress.status}
      className={classNames('longhaul longhaul-compact', className)}
    >
      <StatusIcon status={progress.status} className={parts?.icon} />
      <div className="longhaul-compact-text">
        <span id={labelId} className={classNames('longhaul-compact-label', parts?.label)}>
          <bdi>{href === undefined ? progress.label : <a href={href}>{progress.label}</a>}</bdi>
        </span>
        <span className={classNames('longhaul-compact-sentence', parts?.sentence)}>
          {/* The icon says it to the eye only. */}
          <span className="longhaul-hidden">{`${messages.statuses[progress.status]}. `}</span>
          <bdi>
            {progress.sentence}
            {progress.remainingText !== '' && ` · ${progress.remainingText}`}
          </bdi>
        </span>
        <span role="alert" className="longhaul-problem">
          {actions.problem}
        </span>
      </div>
      <span className={classNames('longhaul-compact-figure', parts?.figure)}>
        <bdi>{isSettled(job.status) ? ago : progress.percentText}</bdi>
      </span>
      <JobButtons
        progress={progress}
        actions={actions}
        canCancel={onCancel !== undefined}
        canRetry={onRetry !== undefined}
        isInList
        messages={changes}
        className="longhaul-compact-actions"
        buttonClassName={parts?.button}
      />
      {isRunning && <ProgressBar progress={progress} labelledBy={labelId} className={parts?.bar} />}
      <span role="status" className="longhaul-hidden">
        {progress.announcement}
      </span>
    </div>
  )
}
