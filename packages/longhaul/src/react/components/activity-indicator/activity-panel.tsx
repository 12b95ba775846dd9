'use client'
import type { ReactElement, Ref } from 'react'
import type { Job } from '../../../client/index.js'
import type { JobActivity } from '../../hooks/use-job-activity.js'
import { useLonghaulClient } from '../../longhaul-provider.js'
import type { Messages } from '../../messages/messages.js'
import { classNames } from '../class-names.js'
import { CompactProgressTracker } from '../compact-progress-tracker/compact-progress-tracker.js'

export type ActivityPanelPart = 'panel' | 'heading' | 'row'

interface ActivityPanelProps {
  readonly id: string
  readonly ref: Ref<HTMLDivElement>
  readonly activity: JobActivity
  readonly labelOf: (job: Job) => string
  readonly hrefOf: ((job: Job) => string) | undefined
  readonly messages: Messages
  readonly onClose: () => void
  readonly classNames?: Partial<Record<ActivityPanelPart, string>> | undefined
}

/** What is in progress and what has finished. */
export function ActivityPanel(props: ActivityPanelProps): ReactElement {
  const { id, ref, activity, messages, onClose, classNames: parts } = props
  const { active, finished, isLoading, clearFinished } = activity
  const isEmpty = active.length + finished.length === 0
  return (
    <div
      ref={ref}
      id={id}
      role="dialog"
      aria-label={messages.activity}
      tabIndex={-1}
      className={classNames('longhaul-activity-panel', parts?.panel)}
    >
      <div className="longhaul-activity-head">
        <h2 className={parts?.heading}>{messages.activity}</h2>
        <button type="button" className="longhaul-button" data-kind="quiet" onClick={onClose}>
          {messages.close}
        </button>
      </div>
      {isEmpty && (
        <p className="longhaul-list-empty">
          {isLoading ? messages.loadingJobs : messages.noActivity}
        </p>
      )}
      {active.length > 0 && <Group title={messages.inProgress} jobs={active} {...props} />}
      {finished.length > 0 && (
        <Group title={messages.recent} jobs={finished} {...props}>
          <button
            type="button"
            className="longhaul-button"
            data-kind="quiet"
            onClick={() => {
              clearFinished()
              // The button goes away with what it clears.
              document.getElementById(id)?.focus()
            }}
          >
            {messages.clearFinished}
          </button>
        </Group>
      )}
    </div>
  )
}

interface GroupProps extends ActivityPanelProps {
  readonly title: string
  readonly jobs: readonly Job[]
  readonly children?: ReactElement
}

function Group(props: GroupProps): ReactElement {
  const { title, jobs, labelOf, hrefOf, messages, children, classNames: parts } = props
  const client = useLonghaulClient()
  return (
    <section aria-label={title}>
      <div className="longhaul-activity-head">
        <h3 className={parts?.heading}>{title}</h3>
        {children}
      </div>
      <ul className="longhaul-list-jobs">
        {jobs.map((job) => (
          <li key={job.id} className={classNames('longhaul-activity-row', parts?.row)}>
            <CompactProgressTracker
              job={job}
              label={labelOf(job)}
              href={hrefOf?.(job)}
              onCancel={() => client.jobs.cancel(job.id)}
              onRetry={() => client.jobs.retry(job.id)}
              messages={messages}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}
