'use client'
import { type ComponentProps, type ReactElement, useId, useState } from 'react'
import type { Job, JobFilter } from '../../../client/index.js'
import { useBulkAction } from '../../hooks/use-bulk-action.js'
import { useJobPages } from '../../hooks/use-job-pages.js'
import { useKeptFocus } from '../../hooks/use-kept-focus.js'
import { useSelection } from '../../hooks/use-selection.js'
import { useLonghaulClient } from '../../longhaul-provider.js'
import type { MessageChanges } from '../../messages/messages.js'
import { useMessages } from '../../messages/use-messages.js'
import { classNames } from '../class-names.js'
import { CompactProgressTracker } from '../compact-progress-tracker/compact-progress-tracker.js'
import { BulkBar } from './bulk-bar.js'
import { Pager } from './pager.js'
import { type StatusChoice, StatusFilter, statusesOf } from './status-filter.js'

export type JobListPart = 'filter' | 'bulk' | 'list' | 'row' | 'pager' | 'button'

export interface JobListProps extends Omit<ComponentProps<'section'>, 'children'> {
  /** Which jobs; the status is chosen in the list. */
  readonly filter?: Omit<JobFilter, 'status'>
  /**
   * Jobs on a page, at most 200.
   *
   * @defaultValue 20
   */
  readonly limit?: number
  /** What a job is called. */
  readonly labelOf?: (job: Job) => string
  /** Where a job is shown in full. */
  readonly hrefOf?: (job: Job) => string
  readonly messages?: MessageChanges
  readonly classNames?: Partial<Record<JobListPart, string>>
}

/** The jobs of a filter, live: by status, page by page, with cancel and retry of one or many. */
export function JobList({
  filter,
  limit = 20,
  labelOf,
  hrefOf,
  messages: changes,
  className,
  classNames: parts,
  ...rest
}: JobListProps): ReactElement {
  const client = useLonghaulClient()
  const messages = useMessages(changes)
  const titleOf = labelOf ?? messages.jobTitle
  const listId = useId()
  const [choice, setChoice] = useState<StatusChoice>('all')
  const pages = useJobPages({ ...filter, ...statusesOf(choice) }, { limit })
  const selection = useSelection(pages.jobs)
  const bulk = useBulkAction()
  return (
    <section
      aria-label={messages.jobs}
      aria-busy={pages.isLoading}
      {...useKeptFocus()}
      {...rest}
      className={classNames('longhaul longhaul-list', className)}
    >
      <StatusFilter
        choice={choice}
        counts={pages.counts}
        messages={messages}
        controls={listId}
        className={parts?.filter}
        onChoose={(next) => {
          selection.clear()
          bulk.dismiss()
          setChoice(next)
        }}
      />
      <BulkBar
        selection={selection}
        bulk={bulk}
        titleOf={titleOf}
        messages={messages}
        hasJobs={pages.jobs.length > 0}
        className={parts?.bulk}
        buttonClassName={parts?.button}
      />
      <ul id={listId} className={classNames('longhaul-list-jobs', parts?.list)}>
        {pages.jobs.map((job) => (
          <li key={job.id} className={classNames('longhaul-list-row', parts?.row)}>
            <input
              type="checkbox"
              aria-label={messages.select(titleOf(job))}
              checked={selection.has(job.id)}
              onChange={() => selection.toggle(job.id)}
            />
            <CompactProgressTracker
              job={job}
              label={titleOf(job)}
              href={hrefOf?.(job)}
              onCancel={() => client.jobs.cancel(job.id)}
              onRetry={() => client.jobs.retry(job.id)}
              messages={changes}
            />
          </li>
        ))}
      </ul>
      {pages.jobs.length === 0 && (
        <p className="longhaul-list-empty">
          {pages.isLoading ? messages.loadingJobs : messages.noJobs}
        </p>
      )}
      <Pager
        pages={pages}
        messages={messages}
        className={parts?.pager}
        buttonClassName={parts?.button}
      />
    </section>
  )
}
