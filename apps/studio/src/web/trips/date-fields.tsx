import type { ReactElement } from 'react'
import { maxDays } from '../../trips/request/trip-dates.js'
import { Choices } from '../controls/choices.js'
import type { TripDraft } from './trip-draft.js'

export interface DateFieldsProps {
  readonly values: TripDraft
  readonly problem: string | undefined
  readonly onChange: (changes: Partial<TripDraft>) => void
}

/** How long, either as a number of days or as the first and the last one. Both take the same room. */
export function DateFields({ values, problem, onChange }: DateFieldsProps): ReactElement {
  const isInvalid = problem !== undefined
  return (
    <div className="date-fields">
      <Choices
        name="when"
        legend="When"
        options={[
          { value: 'duration', label: 'Number of days' },
          { value: 'dates', label: 'Dates' },
        ]}
        value={values.when}
        onChange={(when) => onChange({ when: when === 'dates' ? 'dates' : 'duration' })}
      />
      <div className="date-fields-inputs">
        {values.when === 'duration' ? (
          <div className="field">
            <label htmlFor="days">Days</label>
            <input
              id="days"
              type="number"
              inputMode="numeric"
              min={1}
              max={maxDays}
              aria-describedby="dates-problem"
              aria-invalid={isInvalid}
              value={values.days}
              onChange={({ target }) => onChange({ days: target.value })}
            />
          </div>
        ) : (
          <>
            <div className="field">
              <label htmlFor="start">First day</label>
              <input
                id="start"
                type="date"
                aria-describedby="dates-problem"
                aria-invalid={isInvalid}
                value={values.start}
                onChange={({ target }) => onChange({ start: target.value })}
              />
            </div>
            <div className="field">
              <label htmlFor="end">Last day</label>
              <input
                id="end"
                type="date"
                min={values.start}
                aria-describedby="dates-problem"
                aria-invalid={isInvalid}
                value={values.end}
                onChange={({ target }) => onChange({ end: target.value })}
              />
            </div>
          </>
        )}
      </div>
      <p className="problem" id="dates-problem">
        {problem}
      </p>
    </div>
  )
}
