import { type ReactElement, useState } from 'react'
import type { Job } from 'longhaul'
import type { JobDetails } from 'longhaul/client'
import { useJob, useJobDetails } from 'longhaul/react'
import { addressOf } from '../shell/use-place.js'
import { momentInWords } from '../trips/trip-words.js'

/** That an outside back end has the request, under which id, and what became of it: looked up once it is opened. */
export function RequestTrail({ id }: { readonly id: string }): ReactElement {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <details
      className="chat-request"
      onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
    >
      <summary>
        By the back end in Python, request <code>{id.slice(-12)}</code>
      </summary>
      {isOpen && <Trail id={id} />}
    </details>
  )
}

function Trail({ id }: { readonly id: string }): ReactElement {
  const { job, status } = useJob(id)
  if (status === 'not_found') return <p className="muted">The request is not kept any more.</p>
  return job === undefined ? <p role="status" aria-label="Loading" /> : <Known job={job} />
}

function Known({ job }: { readonly job: Job }): ReactElement {
  const details = useJobDetails(job)
  return (
    <>
      <ol className="chat-trail" aria-label="What became of the request">
        {eventsOf(job, details).map(({ at, text }) => (
          <li key={`${at} ${text}`}>
            <time dateTime={at}>{momentInWords(at)}</time> {text}
          </li>
        ))}
      </ol>
      <p>
        Request <code>{job.id}</code> · <a href={addressOf('jobs', job.id)}>All about the job</a>
      </p>
    </>
  )
}

interface TrailEvent {
  readonly at: string
  readonly text: string
}

const endings = {
  completed: 'Answered',
  failed: 'Failed',
  cancelled: 'Cancelled',
} as const

/** In the order in which it happened. Each request to cancel is kept, with who asked and whether it was carried out. */
function eventsOf(job: Job, details: JobDetails | undefined): TrailEvent[] {
  const events: TrailEvent[] = [{ at: job.createdAt, text: 'Asked for' }]
  if (job.startedAt !== null) events.push({ at: job.startedAt, text: 'Passed on to the back end' })
  for (const { failedAt, error } of details?.attempts ?? [])
    events.push({ at: failedAt, text: `An attempt failed: ${error.message}` })
  for (const { requestedAt, requestedBy, reason, status } of details?.cancellations ?? []) {
    const who = requestedBy === job.ownerId ? 'by you' : 'by an administrator'
    const why = reason === null ? '' : ` (${reason})`
    events.push({ at: requestedAt, text: `Cancelling asked for ${who}${why}, ${status}` })
  }
  const { status } = job
  if (job.finishedAt !== null && status in endings)
    events.push({ at: job.finishedAt, text: endings[status as keyof typeof endings] })
  return events.toSorted((a, b) => a.at.localeCompare(b.at))
}
