'use client'
import type { ComponentProps, ReactElement } from 'react'
import type { Job } from '../../../client/index.js'
import type { MessageChanges } from '../../messages/messages.js'
import { type ShownStatus, shownStatus } from '../../messages/shown-status.js'
import { useMessages } from '../../messages/use-messages.js'
import { classNames } from '../class-names.js'
import { StatusIcon } from '../status-icon/status-icon.js'

export interface StatusBadgeProps extends Omit<ComponentProps<'span'>, 'children'> {
  /** A job, or the name of a status. */
  readonly status: Job | ShownStatus
  /** @defaultValue true */
  readonly showIcon?: boolean
  readonly messages?: MessageChanges
}

/** A job's status in a word and a sign. Style it by `data-status`. */
export function StatusBadge({
  status: given,
  showIcon = true,
  messages: changes,
  className,
  ...rest
}: StatusBadgeProps): ReactElement {
  const { statuses } = useMessages(changes)
  const status = typeof given === 'string' ? given : shownStatus(given)
  return (
    <span
      {...rest}
      className={classNames('longhaul longhaul-badge', className)}
      data-status={status}
    >
      {showIcon && <StatusIcon status={status} />}
      {statuses[status]}
    </span>
  )
}
