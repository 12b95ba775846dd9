import { daysBetween } from './calendar.js'

export interface OpenTask {
  readonly id: string
  readonly title: string
  readonly dueOn: string | null
  /** How long it takes. */
  readonly minutes: number | null
}

export interface Placed {
  readonly id: string
  /** Why it stands where it does. */
  readonly reason: string
}

const urgentWords = /\b(?:urgent|asap|important|must|critical|deadline|blocker)\b/i
const soonDays = 3
const quickMinutes = 15

/** Late ones, then what is due soon or calls itself urgent, then quick ones, then by date; each with its reason. */
export function prioritise(tasks: readonly OpenTask[], today: string): Placed[] {
  return tasks
    .map((task) => ({ ...task, ...placeOf(task, today) }))
    .toSorted(
      (a, b) =>
        a.rank - b.rank ||
        (a.dueOn ?? never).localeCompare(b.dueOn ?? never) ||
        (a.minutes ?? unknownMinutes) - (b.minutes ?? unknownMinutes) ||
        a.title.localeCompare(b.title),
    )
    .map(({ id, reason }) => ({ id, reason }))
}

const never = '9999-12-31'
const unknownMinutes = 60

function placeOf(
  { title, dueOn, minutes }: OpenTask,
  today: string,
): { readonly rank: number; readonly reason: string } {
  const days = dueOn === null ? undefined : daysBetween(today, dueOn)
  if (days !== undefined && days < 0) return { rank: 0, reason: `${count(-days)} late` }
  if (days === 0) return { rank: 1, reason: 'Due today' }
  if (days !== undefined && days <= soonDays) return { rank: 2, reason: `Due in ${count(days)}` }
  const word = urgentWords.exec(title)?.[0]
  if (word !== undefined) return { rank: 2, reason: `You call it “${word.toLowerCase()}”` }
  if (minutes !== null && minutes <= quickMinutes) {
    return { rank: 3, reason: `Done in ${minutes} min, and off the list` }
  }
  return days === undefined
    ? { rank: 5, reason: 'Has no date' }
    : { rank: 4, reason: `Due in ${count(days)}` }
}

function count(days: number): string {
  return `${days} ${days === 1 ? 'day' : 'days'}`
}
