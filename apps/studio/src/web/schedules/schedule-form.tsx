import { type FormEvent, type ReactElement, useState } from 'react'
import { useLonghaulClient } from 'longhaul/react'
import { maxDays } from '../../trips/request/trip-dates.js'
import { Field } from '../controls/field.js'
import { useSetSchedule } from './use-schedules.js'
import { weekdays, weeklyCron } from './weekly.js'

export function ScheduleForm(): ReactElement {
  const client = useLonghaulClient()
  const { mutate, error, isPending } = useSetSchedule()
  const [destination, setDestination] = useState('')
  const [days, setDays] = useState('2')
  const [weekday, setWeekday] = useState('1')
  const [time, setTime] = useState('08:00')
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()

  function submit(event: FormEvent): void {
    event.preventDefault()
    const input = { destination: destination.trim(), dates: { duration: Number(days) } }
    const cron = weeklyCron(weekday, time)
    mutate(
      { id: client.newJobId(), input, cron, timeZone, paused: false },
      { onSuccess: () => setDestination('') },
    )
  }

  return (
    <form className="card trip-form" onSubmit={submit}>
      <Field
        label="Destination"
        className="input-large"
        placeholder="Lisbon"
        required
        maxLength={120}
        autoComplete="off"
        value={destination}
        onChange={setDestination}
      />
      <div className="date-fields-inputs">
        <Field
          label="Days"
          type="number"
          inputMode="numeric"
          required
          min={1}
          max={maxDays}
          value={days}
          onChange={setDays}
        />
        <div className="field">
          <label htmlFor="weekday">Every</label>
          <select
            id="weekday"
            className="select-large"
            value={weekday}
            onChange={({ target }) => setWeekday(target.value)}
          >
            {weekdays.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </div>
        <Field label="At" type="time" required value={time} onChange={setTime} />
      </div>
      <p className="hint">Times are those of {timeZone}, also when its clocks are changed.</p>
      <div className="trip-form-end">
        <button
          type="submit"
          className="button button-main button-large"
          disabled={isPending || destination.trim() === ''}
        >
          Plan it every week
        </button>
        <p className="problem" role="alert">
          {error?.message}
        </p>
      </div>
    </form>
  )
}
