import { readPreferences } from '../../trips/request/preferences.js'
import { problemOfDates, type TripDates } from '../../trips/request/trip-dates.js'
import type { TripRequest } from '../../trips/request/trip-request.js'

/** The form as it is filled in, right or wrong. */
export interface TripDraft {
  readonly destination: string
  readonly when: 'duration' | 'dates'
  readonly days: string
  readonly start: string
  readonly end: string
  readonly style: string
  readonly budget: string
  readonly interests: readonly string[]
}

export function emptyDraft(): TripDraft {
  return {
    destination: '',
    when: 'duration',
    days: '4',
    start: '',
    end: '',
    style: 'balanced',
    budget: 'medium',
    interests: [],
  }
}

export function draftOf({ destination, dates, preferences }: TripRequest): TripDraft {
  return {
    ...emptyDraft(),
    destination,
    ...('duration' in dates
      ? { when: 'duration', days: String(dates.duration) }
      : { when: 'dates', start: dates.start, end: dates.end }),
    ...readPreferences(preferences),
  }
}

export function problemsOf(draft: TripDraft): { destination?: string; dates?: string } {
  const dates = problemOfDates(datesOf(draft))
  return {
    ...(draft.destination.trim() === '' ? { destination: 'Name a town to go to.' } : {}),
    ...(dates === undefined ? {} : { dates }),
  }
}

/** @param draft one without problems */
export function requestOf(draft: TripDraft): TripRequest {
  const { destination, style, budget, interests } = draft
  return {
    destination: destination.trim(),
    dates: datesOf(draft),
    preferences: { style, budget, interests },
  }
}

function datesOf({ when, days, start, end }: TripDraft): TripDates {
  return when === 'dates' ? { start, end } : { duration: days === '' ? Number.NaN : Number(days) }
}
