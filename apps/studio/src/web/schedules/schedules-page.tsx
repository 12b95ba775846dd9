import type { ReactElement } from 'react'
import { PageHeading } from '../shell/page-heading.js'
import { addressOf } from '../shell/use-place.js'
import { datesInWords, momentInWords } from '../trips/trip-words.js'
import { ScheduleForm } from './schedule-form.js'
import {
  type TripSchedule,
  useDeleteSchedule,
  useSchedules,
  useSetSchedule,
} from './use-schedules.js'
import { cronInWords } from './weekly.js'

/** Trips that are planned again and again, by the clock of one's own time zone. */
export function SchedulesPage(): ReactElement {
  const { data: schedules = [], error } = useSchedules()
  return (
    <>
      <title>Schedules · Longhaul Studio</title>
      <a className="back back-always" href={addressOf('trips')}>
        All trips
      </a>
      <header className="page-head">
        <PageHeading>Schedules</PageHeading>
        <p className="lead">A trip that is planned anew every week, whether you are here or not.</p>
      </header>
      <ScheduleForm />
      <h2 className="section-head">Your schedules</h2>
      {error !== null && <p role="alert">{error.message}</p>}
      {schedules.length === 0 ? (
        <p className="muted">There is none yet.</p>
      ) : (
        <ul className="card task-list">
          {schedules.map((schedule) => (
            <Row key={schedule.id} schedule={schedule} />
          ))}
        </ul>
      )}
    </>
  )
}

function Row({ schedule }: { schedule: TripSchedule }): ReactElement {
  const set = useSetSchedule()
  const remove = useDeleteSchedule()
  const { id, input, cron, timeZone, paused, nextAt, lastError } = schedule
  const problem = set.error ?? remove.error ?? lastError
  return (
    <li className="task schedule">
      <div>
        <p className="task-title">{`${input.destination}, ${datesInWords(input.dates)}`}</p>
        <p className="muted">
          {`${cronInWords(cron)} · ${timeZone} · `}
          {paused ? 'Paused' : `Next on ${momentInWords(nextAt)}`}
        </p>
        {problem !== null && <p role="alert">{problem.message}</p>}
      </div>
      <div className="schedule-actions">
        <button
          type="button"
          className="button"
          aria-label={`${paused ? 'Resume' : 'Pause'}: ${input.destination}`}
          disabled={set.isPending}
          onClick={() => set.mutate({ ...schedule, paused: !paused })}
        >
          {paused ? 'Resume' : 'Pause'}
        </button>
        <button
          type="button"
          className="button"
          aria-label={`Delete: ${input.destination}`}
          disabled={remove.isPending}
          onClick={() => remove.mutate(id)}
        >
          Delete
        </button>
      </div>
    </li>
  )
}
