'use client'
import type { ReactElement } from 'react'
import type { JobActions } from '../../hooks/use-job-actions.js'
import type { JobProgress } from '../../hooks/use-job-progress.js'
import type { MessageChanges } from '../../messages/messages.js'
import { useMessages } from '../../messages/use-messages.js'
import { classNames } from '../class-names.js'

export interface JobButtonsProps {
  readonly progress: JobProgress
  readonly actions: JobActions
  readonly canCancel: boolean
  readonly canRetry: boolean
  /** In a list each button's name says which job it acts on. */
  readonly isInList?: boolean
  readonly messages?: MessageChanges | undefined
  readonly className?: string
  readonly buttonClassName?: string | undefined
}

/**
 * What can be done with a job now. A button that was pressed keeps the focus until its job has
 * changed: it is disabled in name only, because a really disabled one would lose it.
 */
export function JobButtons({
  progress,
  actions,
  canCancel,
  canRetry,
  isInList = false,
  messages: changes,
  className,
  buttonClassName,
}: JobButtonsProps): ReactElement | null {
  const messages = useMessages(changes)
  const nameOf = (action: string): string | undefined =>
    isInList ? messages.actionOn(action, progress.label) : undefined
  const isCancelling = progress.status === 'cancelling' || actions.pending === 'cancel'
  const buttons = [
    canCancel && progress.canCancel && (
      <button
        key="cancel"
        type="button"
        className={classNames('longhaul-button', buttonClassName)}
        aria-disabled={isCancelling}
        aria-label={nameOf(isCancelling ? messages.statuses.cancelling : messages.cancel)}
        onClick={isCancelling ? undefined : actions.cancel}
      >
        {isCancelling ? messages.statuses.cancelling : messages.cancel}
      </button>
    ),
    canRetry && progress.canRetry && (
      <button
        key="retry"
        type="button"
        className={classNames('longhaul-button', buttonClassName)}
        aria-disabled={actions.pending !== undefined}
        aria-label={nameOf(messages.retry)}
        onClick={actions.retry}
      >
        {messages.retry}
      </button>
    ),
  ].filter((button) => button !== false)
  return buttons.length === 0 ? null : <div className={className}>{buttons}</div>
}
