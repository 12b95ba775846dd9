import type { ReactElement } from 'react'
import type { TripPlan } from '../../trips/trip-plan.js'

/** Who wrote the texts, where the facts come from, and how far to trust the numbers. */
export function PlanSources({ plan }: { plan: TripPlan }): ReactElement {
  const { writer, attribution } = plan
  return (
    <>
      <p>
        {writer.kind === 'model'
          ? `The texts were written by the language model ${writer.model} from the place data.`
          : 'The texts were written by the offline writer from the place data; set STUDIO_MODEL_URL for a language model.'}{' '}
        Distances are straight lines made three tenths longer, and times follow from them:
        estimates, not a route planner.
      </p>
      <p className="muted">
        {attribution.map(({ what, who, url }) => (
          <span className="attribution" key={url}>
            {what} (
            <a href={url} rel="noreferrer" target="_blank">
              {who}
            </a>
            )
          </span>
        ))}
      </p>
    </>
  )
}
