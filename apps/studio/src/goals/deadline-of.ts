import { addDays } from './calendar.js'

export interface Deadline {
  readonly day: string
  /** Nobody said when, so this is a proposal. */
  readonly isProposed: boolean
  /** The words that said it. */
  readonly words: string
}

const proposedDays = 12 * 7
const daysOf = { day: 1, week: 7, month: 30, year: 365 } as const
const months =
  'january february march april may june july august september october november december'.split(' ')

const untilDay = /\b(?:by|until|before) (\d{4}-\d{2}-\d{2})\b/i
const untilMonth = new RegExp(
  `\\b(?:by|until|before)(?: the)?(?: end of)? (${months.join('|')})(?: (\\d{4}))?\\b`,
  'i',
)
const within = /\b(?:in|within) (?:the next )?(an?|\d{1,3}) (day|week|month|year)s?\b/i
const thisYear = /\b(?:this year|by (?:the )?end of the year)\b/i

/** When a wish is to come true, from its own words: "by June", "in 6 weeks", "this year". */
export function deadlineOf(wish: string, today: string): Deadline {
  return (
    [onDay, inMonth, inSome, inThisYear]
      .map((read) => read(wish, today))
      .find((found) => found !== undefined && found.day > today) ?? {
      day: addDays(today, proposedDays),
      isProposed: true,
      words: '',
    }
  )
}

function onDay(wish: string): Deadline | undefined {
  const [words, day] = untilDay.exec(wish) ?? []
  if (words === undefined || Number.isNaN(Date.parse(day!))) return undefined
  return { day: day!, isProposed: false, words }
}

/** The month's last day, in the next year in which it has not passed. */
function inMonth(wish: string, today: string): Deadline | undefined {
  const [words, month, year] = untilMonth.exec(wish) ?? []
  if (words === undefined) return undefined
  const number = months.indexOf(month!.toLowerCase())
  const lastDay = (of: number): string =>
    new Date(Date.UTC(of, number + 1, 0)).toISOString().slice(0, 10)
  const thisOne = lastDay(Number(year ?? today.slice(0, 4)))
  const day =
    year === undefined && thisOne <= today ? lastDay(Number(today.slice(0, 4)) + 1) : thisOne
  return { day, isProposed: false, words }
}

function inSome(wish: string, today: string): Deadline | undefined {
  const [words, count, unit] = within.exec(wish) ?? []
  if (words === undefined) return undefined
  const days = (Number(count) || 1) * daysOf[unit!.toLowerCase() as keyof typeof daysOf]
  return { day: addDays(today, days), isProposed: false, words }
}

function inThisYear(wish: string, today: string): Deadline | undefined {
  const [words] = thisYear.exec(wish) ?? []
  return words === undefined
    ? undefined
    : { day: `${today.slice(0, 4)}-12-31`, isProposed: false, words }
}
