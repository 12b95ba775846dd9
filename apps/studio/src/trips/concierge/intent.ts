import type { Interest } from '../request/preferences.js'

/** What somebody wants, as far as the offline assistant can tell. */
export type Intent =
  | {
      readonly kind: 'find_places'
      readonly near: string
      readonly count: number
      readonly interests: readonly Interest[]
    }
  | { readonly kind: 'plan_trip'; readonly destination: string; readonly days: number }
  | { readonly kind: 'my_trips' }
  | { readonly kind: 'unknown' }

const mostPlaces = 20
const mostDays = 14

const interestWords: readonly (readonly [RegExp, Interest])[] = [
  [/\b(coast|coastal|sea|beach(es)?)\b/i, 'coast'],
  [/\bislands?\b/i, 'islands'],
  [/\b(small )?(towns?|villages?)\b/i, 'towns'],
  [/\bcit(y|ies)\b/i, 'cities'],
]

/** Patterns, and nothing cleverer: what fits none of them is not understood. */
export function intentOf(text: string): Intent {
  if (/\bmy trips?\b/i.test(text)) return { kind: 'my_trips' }
  const place = placeIn(text)
  if (place === undefined) return { kind: 'unknown' }
  if (/\b(plan|book|travel|go)\b/i.test(text)) {
    const days = numberIn(text, /\b(\d+)[ -]days?\b/i) ?? (/\bweek\b/i.test(text) ? 7 : 3)
    return { kind: 'plan_trip', destination: place, days: Math.min(Math.max(days, 1), mostDays) }
  }
  const count = Math.min(numberIn(text, /\b(\d+)\b/) ?? wordCount(text) ?? 6, mostPlaces)
  const interests = interestWords.filter(([word]) => word.test(text)).map(([, each]) => each)
  return { kind: 'find_places', near: place, count: Math.max(1, count), interests }
}

/** After a preposition, up to where the sentence goes on. */
function placeIn(text: string): string | undefined {
  const found = /\b(?:near|around|to|in|from|of|visit)\s+(?!the\b|a\b|my\b)([^?!.;\n]+)/iu.exec(
    text,
  )
  const name = found?.[1]?.replace(/\s+(?:for|with|on|in|by|next|and)\s.*$/iu, '').trim()
  return name === undefined || name === '' ? undefined : name.slice(0, 120)
}

function numberIn(text: string, pattern: RegExp): number | undefined {
  const digits = pattern.exec(text)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

const numberWords = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

function wordCount(text: string): number | undefined {
  const words = new Set(text.toLowerCase().split(/\W+/))
  const at = numberWords.findIndex((word) => words.has(word))
  return at === -1 ? undefined : at + 1
}
