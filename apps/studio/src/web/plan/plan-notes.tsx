import type { ReactElement } from 'react'
import type { TripPlan } from '../../trips/trip-plan.js'
import { list } from '../../trips/writing/phrases.js'

/** What the traveller should know before believing the plan. */
export function PlanNotes({ plan }: { plan: TripPlan }): ReactElement | null {
  const { namesakes, preferences } = plan
  const { unused } = preferences
  const notes = [
    ...(namesakes.length === 0
      ? []
      : [`The largest place of that name was taken. Others: ${namesakes.join('; ')}.`]),
    ...(unused.length === 0
      ? []
      : [
          `The place data knows nothing of ${list(unused.map((word) => `“${word}”`))}, so ${unused.length === 1 ? 'it' : 'they'} changed nothing.`,
        ]),
  ]
  if (notes.length === 0) return null
  return (
    <ul className="notes">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  )
}
