import type { ReactElement } from 'react'
import { formatsOf, planFile, planFormats, type PlanFormat } from '../../trips/export/plan-file.js'
import type { TripPlan } from '../../trips/trip-plan.js'

/** The plan as a file. It is written here: the server has no part in it. */
export function PlanExport({ plan }: { plan: TripPlan }): ReactElement {
  return (
    <div className="plan-export" role="group" aria-label="Take it along">
      {formatsOf(plan).map((format) => (
        <button
          key={format}
          type="button"
          className="button"
          onClick={() => download(plan, format)}
        >
          {planFormats[format].label}
        </button>
      ))}
    </div>
  )
}

function download(plan: TripPlan, format: PlanFormat): void {
  const { name, mediaType, text } = planFile(plan, format)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: `${mediaType};charset=utf-8` }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
