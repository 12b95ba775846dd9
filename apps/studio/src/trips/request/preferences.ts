import type { TripRequest } from './trip-request.js'

/** How much fits into a day. Visits take longer for those who travel slowly. */
export const styles = {
  relaxed: { label: 'Relaxed', hours: 6, maxStops: 4, visitFactor: 1.3, startsAt: 10 * 60 },
  balanced: { label: 'Balanced', hours: 8.5, maxStops: 6, visitFactor: 1, startsAt: 9 * 60 },
  active: { label: 'Active', hours: 10.5, maxStops: 9, visitFactor: 0.8, startsAt: 8 * 60 + 30 },
} as const

/** The data knows no prices. What it does know is how far things are, and distance is what travel costs. */
export const budgets = {
  low: { label: 'Low', radiusKm: 35, distanceCost: 0.5 },
  medium: { label: 'Medium', radiusKm: 60, distanceCost: 0.25 },
  high: { label: 'High', radiusKm: 95, distanceCost: 0.05 },
} as const

/** What the place data can tell of a place, and so what can be asked for. */
export const interests = {
  coast: { label: 'The coast' },
  islands: { label: 'Islands' },
  cities: { label: 'Cities' },
  towns: { label: 'Small towns' },
  capitals: { label: 'Regional capitals' },
  borders: { label: 'Across the border' },
} as const

export type Style = keyof typeof styles
export type Budget = keyof typeof budgets
export type Interest = keyof typeof interests

export interface Preferences {
  readonly style: Style
  readonly budget: Budget
  readonly interests: readonly Interest[]
  /** Words that mean nothing to the place data, and so changed nothing. The page says so. */
  readonly unused: readonly string[]
}

/** Other words for the same, as travellers use them. */
const sameAs: Readonly<Record<string, string>> = {
  slow: 'relaxed',
  easy: 'relaxed',
  moderate: 'balanced',
  normal: 'balanced',
  packed: 'active',
  intense: 'active',
  cheap: 'low',
  budget: 'low',
  mid: 'medium',
  luxury: 'high',
  premium: 'high',
  beach: 'coast',
  beaches: 'coast',
  sea: 'coast',
  island: 'islands',
  city: 'cities',
  'city life': 'cities',
  villages: 'towns',
  'small towns': 'towns',
  'regional capitals': 'capitals',
  border: 'borders',
}

export function readPreferences(asked: TripRequest['preferences'] = {}): Preferences {
  const style = meaningOf(asked.style ?? 'balanced', styles)
  const budget = meaningOf(asked.budget ?? 'medium', budgets)
  const words = asked.interests ?? []
  const known = words.map((each) => meaningOf(each, interests))
  return {
    style: style ?? 'balanced',
    budget: budget ?? 'medium',
    interests: [...new Set(known.filter((each) => each !== undefined))],
    unused: [
      ...(style === undefined && asked.style !== undefined ? [asked.style] : []),
      ...(budget === undefined && asked.budget !== undefined ? [asked.budget] : []),
      ...words.filter((_, n) => known[n] === undefined),
    ],
  }
}

function meaningOf<Word extends string>(
  asked: string,
  words: Readonly<Record<Word, unknown>>,
): Word | undefined {
  const said = asked.trim().toLowerCase()
  const word = meansOther(said, words) ? sameAs[said]! : said
  return Object.hasOwn(words, word) ? (word as Word) : undefined
}

function meansOther(said: string, words: object): boolean {
  return !Object.hasOwn(words, said) && Object.hasOwn(sameAs, said)
}
