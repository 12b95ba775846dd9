import type { ReactElement } from 'react'
import type { Figures } from '../../trips/optimise/optimisation.js'
import type { TripPlan } from '../../trips/trip-plan.js'
import { duration } from '../../trips/writing/phrases.js'
import { OverviewMap } from '../plan/overview-map.js'

export interface BeforeAndAfterProps {
  readonly before: TripPlan
  /** Nothing better has been found yet. */
  readonly after: { readonly plan: TripPlan; readonly figures: Figures } | undefined
}

/** The trip as it is and as it could be, side by side. */
export function BeforeAndAfter({ before, after }: BeforeAndAfterProps): ReactElement {
  return (
    <div className="compare">
      <Side title="Before" plan={before} figures={before.totals} />
      {after === undefined ? (
        <section className="card compare-side" aria-label="After">
          <p className="compare-none">Nothing shorter has been found yet.</p>
        </section>
      ) : (
        <Side title="After" plan={after.plan} figures={after.figures} than={before.totals} />
      )}
    </div>
  )
}

interface SideProps {
  readonly title: string
  readonly plan: TripPlan
  readonly figures: Figures
  readonly than?: Figures
}

function Side({ title, plan, figures: { km, driveMinutes }, than }: SideProps): ReactElement {
  return (
    <section className="overview compare-side" aria-label={title}>
      <h2>{title}</h2>
      <OverviewMap plan={plan} />
      <dl className="totals">
        <div>
          <dt>On the road</dt>
          <dd>{km.toLocaleString('en')} km</dd>
          {than !== undefined && <dd className="saved">{saved(than.km - km, (n) => `${n} km`)}</dd>}
        </div>
        <div>
          <dt>Driving</dt>
          <dd>{duration(driveMinutes)}</dd>
          {than !== undefined && (
            <dd className="saved">{saved(than.driveMinutes - driveMinutes, duration)}</dd>
          )}
        </div>
      </dl>
    </section>
  )
}

/** `48 km less` */
function saved(less: number, inWords: (amount: number) => string): string {
  if (less === 0) return 'as before'
  return less > 0 ? `${inWords(less)} less` : `${inWords(-less)} more`
}
