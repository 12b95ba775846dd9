'use client'
import type { ReactElement } from 'react'
import type { Job } from '../../../client/index.js'
import { allows, type BulkAction, type BulkOutcome } from '../../hooks/use-bulk-action.js'
import type { Selection } from '../../hooks/use-selection.js'
import type { Messages } from '../../messages/messages.js'
import { classNames } from '../class-names.js'

interface BulkBarProps {
  readonly selection: Selection
  readonly bulk: BulkAction
  readonly titleOf: (job: Job) => string
  readonly messages: Messages
  readonly hasJobs: boolean
  readonly className?: string | undefined
  readonly buttonClassName?: string | undefined
}

/** Select all; cancel and retry what is selected; and what became of it, job by job where it failed. */
export function BulkBar(props: BulkBarProps): ReactElement {
  const { selection, bulk, titleOf, messages, hasJobs, className, buttonClassName } = props
  const count = selection.jobs.length
  return (
    <>
      {hasJobs && (
        <div className={classNames('longhaul-bulk', className)}>
          <label className="longhaul-bulk-all">
            <input
              type="checkbox"
              checked={selection.isAll}
              ref={(box) => {
                if (box !== null) box.indeterminate = count > 0 && !selection.isAll
              }}
              onChange={selection.toggleAll}
            />
            {count === 0 ? messages.selectAll : messages.selected(count)}
          </label>
          {(['cancel', 'retry'] as const).map((action) => {
            const able = selection.jobs.filter((job) => allows(action, job))
            if (able.length === 0) return null
            return (
              <button
                key={action}
                type="button"
                className={classNames('longhaul-button', buttonClassName)}
                aria-disabled={bulk.pending !== undefined}
                onClick={() => {
                  if (bulk.pending === undefined)
                    void bulk.run(action, able).then(() => selection.clear())
                }}
              >
                {action === 'cancel'
                  ? messages.cancelSelected(able.length)
                  : messages.retrySelected(able.length)}
              </button>
            )
          })}
        </div>
      )}
      <div role="status" className="longhaul-bulk-outcome">
        {bulk.outcome !== undefined && (
          <Outcome outcome={bulk.outcome} titleOf={titleOf} messages={messages} />
        )}
      </div>
    </>
  )
}

interface OutcomeProps {
  readonly outcome: BulkOutcome
  readonly titleOf: (job: Job) => string
  readonly messages: Messages
}

function Outcome({
  outcome: { action, done, failed },
  titleOf,
  messages,
}: OutcomeProps): ReactElement {
  const { wereCancelled, wereRetried, couldNot } = messages
  return (
    <>
      {done.length > 0 && <p>{(action === 'cancel' ? wereCancelled : wereRetried)(done.length)}</p>}
      {failed.length > 0 && (
        <>
          <p className="longhaul-problem">{couldNot(failed.length)}</p>
          <ul>
            {failed.map(({ job, problem }) => (
              <li key={job.id}>{`${titleOf(job)}: ${problem}`}</li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
