import type { ReactElement } from 'react'
import { isSettled, type JobOf } from 'longhaul'
import { useJob, useJobStream } from 'longhaul/react'
import { type Source, sourcesStream } from '../../research/source.js'
import type { WrittenBy } from '../../model/written-by.js'
import { JobFrame } from '../jobs/job-frame.js'
import { addressOf } from '../shell/use-place.js'
import { AnswerText } from './answer-text.js'
import { Sources } from './sources.js'

type Research = JobOf<'ai_research'>

/** A question, and its answer as it is written. */
export function AnswerPage({ id }: { id: string }): ReactElement {
  return (
    <JobFrame
      view={useJob<'ai_research'>(id)}
      noun="question"
      back={{ href: addressOf('research'), label: 'All questions' }}
      about={({ input }) => ({ title: input.question, label: 'Looking it up' })}
    >
      {(job) => <Answer job={job} />}
    </JobFrame>
  )
}

/** What the job keeps when it has completed is what it streamed before. */
function Answer({ job }: { job: Research }): ReactElement | null {
  const { text } = useJobStream(job.id)
  const found = useJobStream<Source>(job.id, sourcesStream).values
  const { result } = job
  if (result?.outcome === 'nothing_found') return <NothingFound />
  const sources = result?.sources ?? found
  if (sources.length === 0) return null
  return (
    <>
      <section className="card answer" aria-labelledby="answer" aria-busy={!isSettled(job.status)}>
        <h2 id="answer">Answer</h2>
        <AnswerText text={result?.answer ?? text} sources={sources} />
        {result !== null && <p className="muted">{madeBy(result.writer)}</p>}
      </section>
      <Sources sources={sources} />
    </>
  )
}

function NothingFound(): ReactElement {
  return (
    <div className="empty">
      <p>Nothing in your organisation’s notes has to do with this question.</p>
      <p>
        Ask in other words, or <a href={addressOf('notes')}>write down what you know</a>.
      </p>
    </div>
  )
}

function madeBy({ model }: WrittenBy): string {
  return model === null
    ? 'Sentences of your notes as they stand there, chosen without a language model.'
    : `Written by the language model ${model} from the notes below. Check what matters.`
}
