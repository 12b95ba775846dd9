'use client'
import { type ReactElement, useState } from 'react'
import type { Job, JobStep } from '../../../client/index.js'
import { useJobDetails } from '../../hooks/use-job-details.js'
import { formatDuration, formatTime } from '../../messages/format.js'
import type { MessageChanges, Messages } from '../../messages/messages.js'
import { useMessages } from '../../messages/use-messages.js'
import { classNames } from '../class-names.js'
import { StatusIcon } from '../status-icon/status-icon.js'

interface ProgressDetailsProps {
  readonly job: Job
  readonly isOpenAtFirst: boolean
  readonly messages?: MessageChanges | undefined
  readonly className?: string | undefined
}

/** A job's steps, times and failed attempts, behind a disclosure. Steps are asked for while it is open. */
export function ProgressDetails({
  job,
  isOpenAtFirst,
  messages: changes,
  className,
}: ProgressDetailsProps): ReactElement {
  const messages = useMessages(changes)
  const [isOpen, setIsOpen] = useState(isOpenAtFirst)
  const { steps = [], attempts = [] } = useJobDetails(job, { enabled: isOpen }) ?? {}
  return (
    <details
      className={classNames('longhaul-details', className)}
      open={isOpen}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
    >
      <summary>{messages.details}</summary>
      {steps.length > 0 && (
        <ol className="longhaul-steps" aria-label={messages.steps}>
          {steps.map((step) => (
            <Step key={step.key} step={step} messages={messages} />
          ))}
        </ol>
      )}
      <dl className="longhaul-facts">
        {factsOf(job, messages).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {attempts.length > 0 && (
        <ul className="longhaul-attempts" aria-label={messages.failedAttempts}>
          {attempts.map(({ attempt, error, failedAt }) => (
            <li key={`${attempt} ${failedAt}`}>
              {`${messages.attempt} ${attempt}: ${messages.failure(error)}`}
            </li>
          ))}
        </ul>
      )}
    </details>
  )
}

function Step({ step, messages }: { step: JobStep; messages: Messages }): ReactElement {
  const { key, status, runs, error, startedAt, finishedAt } = step
  const took =
    finishedAt === null
      ? messages.statuses[status]
      : formatDuration(Date.parse(finishedAt) - Date.parse(startedAt), messages.locale)
  return (
    <li data-status={status}>
      <StatusIcon status={status} />
      <span className="longhaul-step-name">
        {key}
        <span className="longhaul-hidden">{`, ${messages.statuses[status]}`}</span>
        {runs > 1 && <span className="longhaul-step-runs">{messages.ranTimes(runs)}</span>}
        {error !== null && <span className="longhaul-problem">{messages.failure(error)}</span>}
      </span>
      <span className="longhaul-step-time">{took}</span>
    </li>
  )
}

function factsOf(job: Job, messages: Messages): [string, ReactElement | string][] {
  const { id, createdAt, startedAt, finishedAt, deadlineAt, attempt, maxAttempts } = job
  const time = (at: string): ReactElement => (
    <time dateTime={at}>{formatTime(at, messages.locale)}</time>
  )
  const facts: [string, ReactElement | string][] = [[messages.created, time(createdAt)]]
  if (startedAt !== null) facts.push([messages.started, time(startedAt)])
  if (finishedAt !== null) facts.push([messages.finished, time(finishedAt)])
  // A server of the version before sends none.
  if (typeof deadlineAt === 'string') facts.push([messages.deadline, time(deadlineAt)])
  if (startedAt !== null && finishedAt !== null) {
    const ms = Date.parse(finishedAt) - Date.parse(startedAt)
    facts.push([messages.duration, formatDuration(ms, messages.locale)])
  }
  if (attempt > 0) facts.push([messages.attempt, messages.attemptOf(attempt, maxAttempts)])
  facts.push([messages.jobId, <code key="id">{id}</code>])
  return facts
}
