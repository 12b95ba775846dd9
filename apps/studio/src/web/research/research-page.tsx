import { type FormEvent, type ReactElement, useState } from 'react'
import { JobList, useCreateJob, useLonghaulClient } from 'longhaul/react'
import { mostQuestionLength } from '../../research/question.js'
import { Field } from '../controls/field.js'
import { jobLabel } from '../jobs/job-words.js'
import { useNotes } from '../notes/use-notes.js'
import type { Me } from '../session/session-api.js'
import { PageHeading } from '../shell/page-heading.js'
import { addressOf, goTo } from '../shell/use-place.js'
import { countOf } from '../trips/trip-words.js'

/** Ask the notes of one's organisation; and what was asked before. */
export function ResearchPage({ me }: { me: Me }): ReactElement {
  const { data: notes } = useNotes()
  return (
    <>
      <title>Research · Longhaul Studio</title>
      <header className="page-head page-head-with-action">
        <div>
          <PageHeading>Research</PageHeading>
          <p className="lead">
            Ask, and be answered from the notes of {me.organisation.name}, with where it stands.
          </p>
        </div>
        <a className="button" href={addressOf('notes')}>
          {notes === undefined || notes.length === 0 ? 'Notes' : countOf(notes.length, 'note')}
        </a>
      </header>
      <QuestionForm />
      <h2 className="section-head">Earlier questions</h2>
      <JobList
        filter={{ type: ['ai_research'] }}
        labelOf={jobLabel}
        hrefOf={({ id }) => addressOf('research', id)}
      />
    </>
  )
}

function QuestionForm(): ReactElement {
  const client = useLonghaulClient()
  const { createJob, error } = useCreateJob('ai_research')
  const [question, setQuestion] = useState('')

  function submit(event: FormEvent): void {
    event.preventDefault()
    const id = client.newJobId()
    void createJob({ question: question.trim() }, { id })
    goTo(addressOf('research', id))
  }

  return (
    <form className="card trip-form" onSubmit={submit}>
      <Field
        label="Question"
        className="input-large"
        placeholder="How long does the battery last?"
        hint="Put words in quotation marks that must stand together, and a minus before one that must not be there."
        required
        minLength={3}
        maxLength={mostQuestionLength}
        autoComplete="off"
        value={question}
        onChange={setQuestion}
      />
      <div className="trip-form-end">
        <button type="submit" className="button button-main button-large">
          Ask
        </button>
        <p className="problem" role="alert">
          {error?.message}
        </p>
      </div>
    </form>
  )
}
