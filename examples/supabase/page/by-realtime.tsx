import { useRealtimeJobs } from './use-realtime-jobs'

/** Reads the same jobs through PostgREST, and follows them by Realtime. It needs nothing but Supabase. */
export function ByRealtime() {
  const { jobs, problem } = useRealtimeJobs()
  return (
    <section aria-labelledby="by-realtime">
      <h2 id="by-realtime">By Supabase Realtime</h2>
      {problem !== undefined && <p role="alert">{problem}</p>}
      <ul>
        {jobs.map(({ id, status, progress }) => (
          <li key={id}>
            {id.slice(-4)}: {status}, {progress} %
          </li>
        ))}
      </ul>
    </section>
  )
}
