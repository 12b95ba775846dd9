import type { ReactElement, ReactNode } from 'react'
import type { TripPlan } from '../../trips/trip-plan.js'
import { duration } from '../../trips/writing/phrases.js'
import { countOf, momentInWords } from '../trips/trip-words.js'
import { DayCard } from './day-card.js'
import { OverviewMap } from './overview-map.js'
import { PlanExport } from './plan-export.js'
import { PlanNotes } from './plan-notes.js'
import { PlanSources } from './plan-sources.js'

export interface PlanViewProps {
  readonly plan: TripPlan
  readonly expiresAt: string | null
  /** How it was made. */
  readonly children: ReactNode
}

export function PlanView({ plan, expiresAt, children }: PlanViewProps): ReactElement {
  const { totals, days } = plan
  return (
    <>
      <p className="visually-hidden" role="status">
        The plan is ready.
      </p>
      <section className="overview" aria-label="The whole trip">
        <OverviewMap plan={plan} />
        <dl className="totals">
          <Total name="Days" value={String(days.length)} />
          <Total name="Stops" value={String(totals.stops)} />
          <Total name="On the road" value={`${totals.km.toLocaleString('en')} km`} />
          <Total name="Driving" value={duration(totals.driveMinutes)} />
        </dl>
      </section>
      <PlanExport plan={plan} />
      <PlanNotes plan={plan} />
      <ol className="days">
        {days.map((day) => (
          <li key={day.number}>
            <DayCard day={day} plan={plan} />
          </li>
        ))}
      </ol>
      <section className="made" aria-labelledby="made">
        <h2 id="made">How this plan was made</h2>
        <PlanSources plan={plan} />
        {children}
        {expiresAt !== null && (
          <p className="muted">
            {countOf(plan.considered, 'place')} within {plan.radiusKm} km were considered. The plan
            is kept until {momentInWords(expiresAt)}.
          </p>
        )}
      </section>
    </>
  )
}

function Total({ name, value }: { name: string; value: string }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
