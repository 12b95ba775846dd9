import type { ReactElement } from 'react'
import { isSettled, type Job } from 'longhaul'
import { useJob, useJobDetails } from 'longhaul/react'
import { addressOf } from '../shell/use-place.js'
import { momentInWords } from '../trips/trip-words.js'
import { JobFacts } from './job-facts.js'
import { type AboutJob, JobFrame } from './job-frame.js'
import { jobAddress, jobLabel, wordsOf } from './job-words.js'

/** One job, as the engine sees it: steps, attempts, requests to cancel. */
export function JobPage({ id }: { id: string }): ReactElement {
  return (
    <JobFrame
      view={useJob(id)}
      noun="job"
      back={{ href: addressOf('jobs'), label: 'All jobs' }}
      about={about}
      details="open"
    >
      {(job) => (
        <>
          <JobFacts job={job} />
          <Cancellations job={job} />
        </>
      )}
    </JobFrame>
  )
}

function about(job: Job): AboutJob {
  return { title: jobLabel(job), label: job.type, action: <Way job={job} /> }
}

function Way({ job }: { job: Job }): ReactElement | null {
  if (wordsOf(job) === undefined) return null
  return (
    <a className="button" href={jobAddress(job)}>
      {isSettled(job.status) ? 'Open the result' : 'Open its page'}
    </a>
  )
}

/** Who asked to stop it: each request is kept. */
function Cancellations({ job }: { job: Job }): ReactElement | null {
  const { cancellations = [] } = useJobDetails(job) ?? {}
  if (cancellations.length === 0) return null
  return (
    <section className="facts" aria-labelledby="cancellations">
      <h2 id="cancellations">Requests to cancel</h2>
      <ol className="card facts-list">
        {cancellations.map(({ id, requestedAt, requestedBy, reason, status }) => (
          <li key={id}>
            {requestedBy === job.ownerId ? 'By its owner' : 'By an administrator'}
            {reason !== null && `: ${reason}`}
            <span className="muted">
              {' '}
              {momentInWords(requestedAt)}, {status}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
