import { type FormEvent, type ReactElement, useState } from 'react'
import { budgets, interests, styles } from '../../trips/request/preferences.js'
import type { TripRequest } from '../../trips/request/trip-request.js'
import { Choices } from '../controls/choices.js'
import { DateFields } from './date-fields.js'
import {
  atOnce,
  problemOfStart,
  StartFields,
  startOptionsOf,
  type StartOptions,
} from './start-fields.js'
import { emptyDraft, problemsOf, requestOf, type TripDraft, draftOf } from './trip-draft.js'

export interface TripFormProps {
  readonly draft: TripRequest | undefined
  readonly onPlan: (request: TripRequest, start: StartOptions) => void
}

/** Where the focus goes when there is something to put right. */
const fields = {
  destination: '#destination',
  dates: '.date-fields input:not([type=radio])',
  start: '.start-fields input[type=datetime-local]',
}

export function TripForm({ draft, onPlan }: TripFormProps): ReactElement {
  const [values, setValues] = useState<TripDraft>(() =>
    draft === undefined ? emptyDraft() : draftOf(draft),
  )
  const [start, setStart] = useState(atOnce)
  const [wasTried, setWasTried] = useState(false)
  const problems = wasTried ? problemsOf(values) : {}

  function set(changes: Partial<TripDraft>): void {
    setValues((before) => ({ ...before, ...changes }))
  }

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    setWasTried(true)
    const found = problemsOf(values)
    const first =
      (found.destination && 'destination') ||
      (found.dates && 'dates') ||
      (problemOfStart(start) && 'start')
    if (!first) return onPlan(requestOf(values), startOptionsOf(start))
    event.currentTarget.querySelector<HTMLElement>(fields[first])?.focus()
  }

  return (
    <form className="card trip-form" noValidate onSubmit={submit}>
      <div className="field">
        <label htmlFor="destination">Destination</label>
        <input
          id="destination"
          className="input-large"
          type="text"
          autoComplete="off"
          maxLength={120}
          placeholder="Lisbon"
          aria-describedby="destination-hint destination-problem"
          aria-invalid={problems.destination !== undefined}
          value={values.destination}
          onChange={({ target }) => set({ destination: target.value })}
        />
        <p className="hint" id="destination-hint">
          A town of any size. If there are several: Portland, Oregon.
        </p>
        <p className="problem" id="destination-problem">
          {problems.destination}
        </p>
      </div>
      <DateFields values={values} problem={problems.dates} onChange={set} />
      <Choices
        name="style"
        legend="Style"
        hint="How much fits into a day."
        options={Object.entries(styles).map(([value, { label, maxStops }]) => ({
          value,
          label,
          detail: `up to ${maxStops} stops`,
        }))}
        value={values.style}
        onChange={(style) => set({ style })}
      />
      <Choices
        name="budget"
        legend="Budget"
        hint="The place data knows no prices. What costs is distance, so this is how far the days go."
        options={Object.entries(budgets).map(([value, { label, radiusKm }]) => ({
          value,
          label,
          detail: `within ${radiusKm} km`,
        }))}
        value={values.budget}
        onChange={(budget) => set({ budget })}
      />
      <Interests values={values.interests} onChange={(wanted) => set({ interests: wanted })} />
      <StartFields
        values={start}
        problem={wasTried ? problemOfStart(start) : undefined}
        onChange={setStart}
      />
      <div className="trip-form-end">
        <button type="submit" className="button button-main button-large">
          Plan this trip
        </button>
      </div>
    </form>
  )
}

interface InterestsProps {
  readonly values: readonly string[]
  readonly onChange: (values: readonly string[]) => void
}

function Interests({ values, onChange }: InterestsProps): ReactElement {
  return (
    <fieldset className="field">
      <legend>
        Interests <span className="muted">(optional)</span>
      </legend>
      <div className="chips">
        {Object.entries(interests).map(([value, { label }]) => (
          <label className="chip" key={value}>
            <input
              type="checkbox"
              checked={values.includes(value)}
              onChange={({ target }) =>
                onChange(
                  target.checked ? [...values, value] : values.filter((each) => each !== value),
                )
              }
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
