import type { ReactElement } from 'react'

/** Keeps the place of the days while they are worked out. */
export function PlanToCome({ days }: { days: number }): ReactElement {
  return (
    <div className="days" aria-hidden="true">
      {Array.from({ length: days }, (_, n) => (
        <div className="card day day-to-come" key={n}>
          <span className="bone bone-short" />
          <div className="day-body">
            <span className="bone bone-map" />
            <div className="stack">
              <span className="bone" />
              <span className="bone" />
              <span className="bone bone-short" />
            </div>
          </div>
        </div>
      ))}
    </div>
  )
}
