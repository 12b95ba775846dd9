import type { ReactElement } from 'react'
import type { Job } from 'longhaul'
import { momentInWords } from '../trips/trip-words.js'

/** What the row says beside its progress. */
export function JobFacts({ job }: { job: Job }): ReactElement {
  const facts: readonly (readonly [string, string])[] = [
    ['Version', String(job.version)],
    ...(job.tags.length === 0 ? [] : [['Tags', job.tags.join(', ')] as const]),
    ...(job.expiresAt === null ? [] : [['Kept until', momentInWords(job.expiresAt)] as const]),
  ]
  return (
    <section className="facts" aria-labelledby="facts">
      <h2 id="facts">Facts</h2>
      <dl className="card facts-list">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <details className="card facts-input">
        <summary>Input</summary>
        <pre>{JSON.stringify(job.input, null, 2)}</pre>
      </details>
    </section>
  )
}
