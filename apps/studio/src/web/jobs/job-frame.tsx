import { Fragment, type ReactElement, type ReactNode, useId } from 'react'
import type { Job } from 'longhaul'
import { type JobView, ProgressTracker } from 'longhaul/react'
import { NotFoundPage } from '../shell/not-found-page.js'
import { PageHeading } from '../shell/page-heading.js'

export interface AboutJob {
  readonly title: string
  readonly lead?: string
  /** What the bar of its progress is called. */
  readonly label: string
  /** A button beside the title. */
  readonly action?: ReactNode
}

export interface JobFrameProps<J extends Job> {
  readonly view: JobView<J>
  /** What the job is to its reader: `search`. */
  readonly noun: string
  readonly back: { readonly href: string; readonly label: string }
  readonly about: (job: J) => AboutJob
  /** Whether the steps are shown at once. */
  readonly details?: 'open' | 'closed'
  readonly children: (job: J) => ReactNode
}

/** The page of a job: what it is, how far it is, and what it has made; that comes first when it has completed. */
export function JobFrame<J extends Job>({
  view,
  noun,
  back,
  about,
  details = 'closed',
  children,
}: JobFrameProps<J>): ReactElement {
  const progressId = useId()
  if (view.status === 'not_found') {
    return (
      <NotFoundPage
        title={`There is no such ${noun}`}
        why="It was removed, it has expired, or it belongs to somebody else."
      />
    )
  }
  const job = view.job as J | undefined
  return (
    <>
      <a className="back back-always" href={back.href}>
        {back.label}
      </a>
      {job === undefined ? (
        <p className="page-note" role="status" aria-label={`Loading the ${noun}`} />
      ) : (
        framed(job)
      )}
    </>
  )

  function framed(shown: J): ReactElement {
    const { title, lead, label, action } = about(shown)
    const isResultFirst = shown.status === 'completed' && details === 'closed'
    const content = <Fragment key="content">{children(shown)}</Fragment>
    const progress = (
      <section key="progress" aria-labelledby={progressId}>
        <h2 id={progressId} className={isResultFirst ? 'section-head' : 'visually-hidden'}>
          {isResultFirst ? 'How it was made' : 'Progress'}
        </h2>
        <div className="trip-progress">
          <ProgressTracker
            job={shown}
            label={label}
            onCancel={view.cancel}
            onRetry={view.retry}
            showDetails={details === 'open' ? true : 'closed'}
          />
        </div>
      </section>
    )
    return (
      <article>
        <title>{`${title} · Longhaul Studio`}</title>
        <header className="page-head page-head-with-action">
          <div>
            <PageHeading>{title}</PageHeading>
            {lead !== undefined && <p className="lead">{lead}</p>}
          </div>
          {action}
        </header>
        {/* Keyed, so that it moves as what it is, with what it was about to announce. */}
        {isResultFirst ? [content, progress] : [progress, content]}
      </article>
    )
  }
}
