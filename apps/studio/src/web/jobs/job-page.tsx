import type { ReactElement } from 'react'
import { isSettled, type Job } from 'longhaul'
import { ProgressTracker, useJob, useJobDetails } from 'longhaul/react'
import { NotFoundPage } from '../shell/not-found-page.js'
import { PageHeading } from '../shell/page-heading.js'
import { addressOf } from '../shell/use-place.js'
import { momentInWords } from '../trips/trip-words.js'
import { JobFacts } from './job-facts.js'
import { jobAddress, jobLabel, wordsOf } from './job-words.js'

/** One job, as the engine sees it: steps, attempts, requests to cancel. */
export function JobPage({ id }: { id: string }): ReactElement {
  const { status, job, cancel, retry } = useJob(id)
  if (status === 'not_found') {
    return (
      <NotFoundPage
        title="There is no such job"
        why="It was removed, it has expired, or it belongs to somebody else."
      />
    )
  }
  return (
    <>
      <a className="back back-always" href={addressOf('jobs')}>
        All jobs
      </a>
      {job === undefined ? (
        <p className="page-note" role="status" aria-label="Loading the job" />
      ) : (
        <article>
          <title>{`${jobLabel(job)} · Longhaul Studio`}</title>
          <header className="page-head page-head-with-action">
            <PageHeading>{jobLabel(job)}</PageHeading>
            <Way job={job} />
          </header>
          <h2 className="visually-hidden">Progress</h2>
          <ProgressTracker
            job={job}
            label={job.type}
            onCancel={cancel}
            onRetry={retry}
            showDetails
          />
          <JobFacts job={job} />
          <Cancellations job={job} />
        </article>
      )}
    </>
  )
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
