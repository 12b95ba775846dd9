'use client'
import type { ReactElement } from 'react'
import type { JobCounts, JobFilter, JobStatus } from '../../../client/index.js'
import type { Messages } from '../../messages/messages.js'
import { classNames } from '../class-names.js'

export type StatusChoice = 'all' | 'active' | 'completed' | 'failed' | 'cancelled'

const choices: Readonly<Record<StatusChoice, readonly JobStatus[] | undefined>> = {
  all: undefined,
  active: ['queued', 'running', 'waiting'],
  completed: ['completed'],
  failed: ['failed'],
  cancelled: ['cancelled'],
}

const names = Object.keys(choices) as StatusChoice[]

/** The filter that a choice stands for. */
export function statusesOf(choice: StatusChoice): Pick<JobFilter, 'status'> {
  const status = choices[choice]
  return status === undefined ? {} : { status }
}

interface StatusFilterProps {
  readonly choice: StatusChoice
  readonly counts: JobCounts | undefined
  readonly messages: Messages
  /** The id of the list. */
  readonly controls: string
  readonly className?: string | undefined
  readonly onChoose: (choice: StatusChoice) => void
}

/** Which jobs of a list are shown, and how many there are of each kind. */
export function StatusFilter(props: StatusFilterProps): ReactElement {
  const { choice, counts, messages, controls, className, onChoose } = props
  return (
    <div
      role="group"
      aria-label={messages.filterByStatus}
      className={classNames('longhaul-filter', className)}
    >
      {names.map((name) => (
        <button
          key={name}
          type="button"
          className="longhaul-filter-choice"
          aria-pressed={name === choice}
          aria-controls={controls}
          onClick={() => onChoose(name)}
        >
          {textOf(name, messages)}
          {counts !== undefined && <span className="longhaul-count">{countOf(name, counts)}</span>}
        </button>
      ))}
    </div>
  )
}

function textOf(choice: StatusChoice, messages: Messages): string {
  if (choice === 'all') return messages.allJobs
  return choice === 'active' ? messages.activeJobs : messages.statuses[choice]
}

function countOf(choice: StatusChoice, counts: JobCounts): number {
  const statuses = choices[choice] ?? (Object.keys(counts) as JobStatus[])
  return statuses.reduce((sum, status) => sum + counts[status], 0)
}
