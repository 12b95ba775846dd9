import type { TripPlan } from '../trip-plan.js'
import { asCalendar } from './as-calendar.js'
import { asGeoJson } from './as-geojson.js'
import { asMarkdown } from './as-markdown.js'

export interface PlanFile {
  readonly name: string
  readonly mediaType: string
  readonly text: string
}

/** What a plan can be taken along as. A calendar needs dates. */
export const planFormats = {
  md: { label: 'Text (.md)', mediaType: 'text/markdown', write: asMarkdown, needsDates: false },
  ics: {
    label: 'Calendar (.ics)',
    mediaType: 'text/calendar',
    write: asCalendar,
    needsDates: true,
  },
  geojson: {
    label: 'Map (.geojson)',
    mediaType: 'application/geo+json',
    write: asGeoJson,
    needsDates: false,
  },
} as const

export type PlanFormat = keyof typeof planFormats

export function formatsOf({ days }: TripPlan): PlanFormat[] {
  const hasDates = days.some(({ date }) => date !== null)
  const formats = Object.keys(planFormats) as PlanFormat[]
  return formats.filter((format) => hasDates || !planFormats[format].needsDates)
}

export function planFile(plan: TripPlan, format: PlanFormat): PlanFile {
  const { mediaType, write } = planFormats[format]
  const place = plan.destination.name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-')
  return { name: `${place}.${format}`, mediaType, text: write(plan) }
}
