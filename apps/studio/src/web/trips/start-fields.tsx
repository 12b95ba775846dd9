import type { ReactElement } from 'react'
import { Choices } from '../controls/choices.js'
import { Field } from '../controls/field.js'

/** When a trip is to be planned, as it is filled in. */
export interface StartDraft {
  readonly isLater: boolean
  /** Of an input for date and time: local, `2027-05-30T08:00`. */
  readonly at: string
  readonly goesFirst: boolean
}

export const atOnce: StartDraft = { isLater: false, at: '', goesFirst: false }

export function problemOfStart({ isLater, at }: StartDraft): string | undefined {
  return isLater && at === '' ? 'Say on which day and at what time.' : undefined
}

/** What the job is enqueued with. */
export interface StartOptions {
  readonly runAt?: string
  readonly priority?: number
}

const ahead = 10

export function startOptionsOf({ isLater, at, goesFirst }: StartDraft): StartOptions {
  return {
    ...(isLater && at !== '' ? { runAt: new Date(at).toISOString() } : {}),
    ...(goesFirst ? { priority: ahead } : {}),
  }
}

interface StartFieldsProps {
  readonly values: StartDraft
  readonly problem: string | undefined
  readonly onChange: (values: StartDraft) => void
}

/** Now or at a time, and whether ahead of the other trips that wait. */
export function StartFields({ values, problem, onChange }: StartFieldsProps): ReactElement {
  return (
    <div className="start-fields">
      <Choices
        name="planned"
        legend="Plan it"
        options={[
          { value: 'now', label: 'Now' },
          { value: 'later', label: 'Later' },
        ]}
        value={values.isLater ? 'later' : 'now'}
        onChange={(value) => onChange({ ...values, isLater: value === 'later' })}
      />
      {values.isLater && (
        <Field
          label="Not before"
          type="datetime-local"
          required
          aria-invalid={problem !== undefined}
          value={values.at}
          onChange={(at) => onChange({ ...values, at })}
        />
      )}
      <p className="problem">{problem}</p>
      <label className="check">
        <input
          type="checkbox"
          checked={values.goesFirst}
          onChange={({ target }) => onChange({ ...values, goesFirst: target.checked })}
        />
        Ahead of my other trips
      </label>
    </div>
  )
}
