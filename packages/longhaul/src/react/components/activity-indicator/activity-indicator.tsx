'use client'
import { type ComponentProps, type ReactElement, useId } from 'react'
import type { Job } from '../../../client/index.js'
import { useDisclosedPanel } from '../../hooks/use-disclosed-panel.js'
import { useJobActivity, type UseJobActivityOptions } from '../../hooks/use-job-activity.js'
import type { MessageChanges } from '../../messages/messages.js'
import { useMessages } from '../../messages/use-messages.js'
import { classNames } from '../class-names.js'
import { ActivityPanel, type ActivityPanelPart } from './activity-panel.js'

export interface ActivityIndicatorProps
  extends Omit<ComponentProps<'div'>, 'children'>, UseJobActivityOptions {
  /** What a job is called. */
  readonly labelOf?: (job: Job) => string
  /** Where a job is shown in full. */
  readonly hrefOf?: (job: Job) => string
  readonly messages?: MessageChanges
  readonly classNames?: Partial<Record<ActivityPanelPart | 'button' | 'count', string>>
}

/** For a header: how many jobs are going on, and a panel with them and with what has finished. */
export function ActivityIndicator({
  filter,
  limit,
  storageKey,
  labelOf,
  hrefOf,
  messages: changes,
  className,
  classNames: parts,
  ...rest
}: ActivityIndicatorProps): ReactElement {
  const messages = useMessages(changes)
  const activity = useJobActivity({ filter, limit, storageKey })
  const { isOpen, button, panel, toggle, close, onKeyDown } = useDisclosedPanel()
  const panelId = useId()
  const count = activity.activeCount
  return (
    <div
      role="presentation"
      {...rest}
      className={classNames('longhaul longhaul-activity', className)}
      data-active={count > 0}
      onKeyDown={onKeyDown}
    >
      <button
        ref={button}
        type="button"
        className={classNames('longhaul-button longhaul-activity-button', parts?.button)}
        aria-label={count > 0 ? messages.activityWith(count) : messages.activity}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-controls={isOpen ? panelId : undefined}
        onClick={toggle}
      >
        <svg className="longhaul-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
          <path d="M3 12h4l3 8 4-16 3 8h4" />
        </svg>
        {count > 0 && (
          <span className={classNames('longhaul-activity-count', parts?.count)}>{count}</span>
        )}
      </button>
      {isOpen && (
        <ActivityPanel
          ref={panel}
          id={panelId}
          activity={activity}
          labelOf={labelOf ?? messages.jobTitle}
          hrefOf={hrefOf}
          messages={messages}
          onClose={close}
          classNames={parts}
        />
      )}
    </div>
  )
}
