import { type ReactElement, type ReactNode, useState } from 'react'
import { isSettled, type Job } from 'longhaul/client'
import {
  ActivityIndicator,
  CompactProgressTracker,
  ConnectionIndicator,
  JobList,
  LonghaulProvider,
  ProgressTracker,
  type ShownStatus,
  StatusBadge,
  useJobs,
  useJobToasts,
  useLonghaulClient,
} from 'longhaul/react'
import { jobs, nameOf, pastJobs } from './fixed-jobs.js'
import { inMemoryApi, notStreaming, refusing, unreachable } from './in-memory-api.js'

const api = inMemoryApi([...jobs, ...pastJobs], { refusing: jobs[2]!.id })
const sending = { ...jobs[0]!, version: 0, input: { name: 'Trip to Oaxaca' } } as Job
const all = [sending, ...jobs]
const statuses: readonly ShownStatus[] = [
  'sending',
  'queued',
  'running',
  'waiting',
  'cancelling',
  'completed',
  'failed',
  'cancelled',
]

/** Every component in every status, on jobs that are made up. */
export function Showcase(): ReactElement {
  return (
    <LonghaulProvider url="/showcase" fetch={api}>
      <header className="showcase-header">
        <h1>Longhaul components</h1>
        <ActivityIndicator labelOf={nameOf} hrefOf={hrefOf} />
      </header>
      <main className="showcase">
        <Part title="Status badge">
          <div className="showcase-row">
            {statuses.map((status) => (
              <StatusBadge key={status} status={status} />
            ))}
          </div>
        </Part>
        <Part title="Progress tracker">
          <div className="showcase-grid">
            {all.map((job) => (
              <Tracker key={`${job.id} ${job.version}`} job={job} />
            ))}
          </div>
        </Part>
        <Part title="Progress tracker with details">
          <div className="showcase-grid">
            <Tracker job={jobs[1]!} showDetails />
            <Tracker job={jobs[4]!} showDetails />
          </div>
        </Part>
        <Part title="Compact progress tracker">
          <div className="showcase-card">
            {all.map((job) => (
              <CompactProgressTracker
                key={`${job.id} ${job.version}`}
                job={job}
                label={nameOf(job)}
                onCancel={done}
                onRetry={done}
              />
            ))}
          </div>
        </Part>
        <Part title="Job list">
          <JobList labelOf={nameOf} hrefOf={hrefOf} limit={10} />
        </Part>
        <Part title="Connection indicator">
          <div className="showcase-stack">
            <ConnectionIndicator showConnected />
            <Connection fetch={notStreaming} />
            <Connection fetch={unreachable} />
            <Connection fetch={refusing} />
          </div>
        </Part>
        <Part title="Toasts">
          <Toasts />
        </Part>
      </main>
    </LonghaulProvider>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }): ReactElement {
  return (
    <section className="showcase-part" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  )
}

function Tracker({ job, showDetails = 'closed' }: { job: Job; showDetails?: true | 'closed' }) {
  return (
    <ProgressTracker
      job={job}
      label={nameOf(job)}
      message="Your trip is ready"
      onCancel={done}
      onRetry={done}
      showDetails={showDetails}
    />
  )
}

function Connection({ fetch }: { fetch: () => Promise<Response> }): ReactElement {
  return (
    <LonghaulProvider url="/showcase" fetch={fetch}>
      <Watcher />
      <ConnectionIndicator delayMs={0} />
    </LonghaulProvider>
  )
}

function Watcher(): null {
  useJobs()
  return null
}

/** Cancels a job, so that a toast tells of it: in one tab, however many show this page. */
function Toasts(): ReactElement {
  const client = useLonghaulClient()
  const { jobs: known } = useJobs()
  const [shown, setShown] = useState<readonly string[]>([])
  useJobToasts({
    labelOf: nameOf,
    statuses: ['completed', 'failed', 'cancelled'],
    show: ({ title, description }) => setShown((before) => [...before, `${title}: ${description}`]),
  })
  const next = known.find((job) => nameOf(job) === 'Trip to Lisbon' && !isSettled(job.status))
  return (
    <div className="showcase-stack">
      <button type="button" onClick={() => next && void client.jobs.cancel(next.id)}>
        Cancel the trip to Lisbon
      </button>
      <ul aria-label="Toasts" className="showcase-toasts">
        {shown.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </div>
  )
}

function hrefOf({ id }: Job): string {
  return `#${id}`
}

function done(): void {
  // The jobs of the trackers are made up: nothing is to be done with them.
}
