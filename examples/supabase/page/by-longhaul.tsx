import { CompactProgressTracker, useCreateJob, useJobs } from 'longhaul/react'
import { useState } from 'react'

/** Asks for jobs, and shows them by Longhaul's stream: nothing is missed, whatever happens to the connection. */
export function ByLonghaul() {
  const [text, setText] = useState('So it goes.')
  const { createJob, isLoading, error } = useCreateJob('count_words')
  const { jobs } = useJobs({ type: ['count_words'] })

  return (
    <section aria-labelledby="by-longhaul">
      <h2 id="by-longhaul">By Longhaul</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void createJob({ text })
        }}
      >
        <label>
          Text <input value={text} onChange={({ target }) => setText(target.value)} required />
        </label>
        <button type="submit" disabled={isLoading}>
          Count
        </button>
      </form>
      {error !== null && <p role="alert">{error.message}</p>}
      <ul>
        {jobs.map((job) => (
          <li key={job.id}>
            <CompactProgressTracker job={job} label={`Words of job ${job.id.slice(-4)}`} />
          </li>
        ))}
      </ul>
    </section>
  )
}
