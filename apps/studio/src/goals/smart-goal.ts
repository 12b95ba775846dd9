import { addDays, dayInWords, daysBetween } from './calendar.js'
import { deadlineOf } from './deadline-of.js'

/** A goal by the five letters: specific, measurable, achievable, relevant, time-bound. */
export interface SmartGoal {
  readonly title: string
  readonly specific: string
  readonly measurable: string
  readonly achievable: string
  readonly relevant: string
  readonly timeBound: string
  readonly dueOn: string
  /** The language model that wrote it; rules did when there is none. */
  readonly model?: string
}

const opening =
  /^(?:please )?(?:help me (?:to )?|i(?:'d| would)? (?:want|like|need|hope|plan) to |i(?:'ll| will) |my goal is to |i want |to )/i
const reason = /[,;]?\s*\b(?:because|so that|in order to)\b\s*(.+)$/i
const amount = /\b(\d+(?:[.,]\d+)?)\s?([a-z€$%]+)\b/i

/**
 * Puts a wish into a form that can be checked, by rules and without a language model. What the wish
 * does not say is proposed, or asked for, and never made up.
 */
export function composeGoal(wish: string, today: string): SmartGoal {
  const deadline = deadlineOf(wish, today)
  const because = reason.exec(wish)?.[1]
  const title = titleOf(wish, deadline.words)
  const days = daysBetween(today, deadline.day)
  const weeks = Math.max(1, Math.round(days / 7))
  const [, count, unit] = amount.exec(title) ?? []
  const total = count === undefined ? undefined : Number(count.replace(',', '.'))
  return {
    title,
    specific: `${title}. It is reached when somebody else could see that it is.`,
    measurable:
      total === undefined
        ? `One step a week, written down: ${inWords(weeks, 'step')} in all.`
        : `${count} ${unit}, counted once a week. Half-way is ${round(total / 2)} ${unit}.`,
    achievable:
      total === undefined
        ? `Three times 45 minutes a week are about ${Math.round(weeks * 2.25)} hours until then. If that is too much, move the date and not the goal.`
        : `About ${round(total / weeks)} ${unit} for each of ${inWords(weeks, 'week')}. If that is too much, move the date and not the goal.`,
    relevant:
      because === undefined
        ? 'You have not said why. Say it with “because”, and it stands here.'
        : sentence(because),
    timeBound: `${deadline.isProposed ? 'You named no date, so this is a proposal: by' : 'By'} ${dayInWords(deadline.day)}, with a look back on ${dayInWords(addDays(today, Math.floor(days / 2)))}.`,
    dueOn: deadline.day,
  }
}

function titleOf(wish: string, deadline: string): string {
  const bare = wish.trim().replace(opening, '').replace(reason, '').replace(deadline, '')
  return sentence(bare).replace(/\.$/, '')
}

/** With a capital at the beginning, one stop at the end and no gaps. */
function sentence(text: string): string {
  const plain = text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\s+([,.!?])/g, '$1')
    .replace(/[\s,;.!]+$/, '')
    .trim()
  return `${plain.slice(0, 1).toUpperCase()}${plain.slice(1)}.`
}

function round(number: number): number {
  return number >= 10 ? Math.round(number) : Math.round(number * 10) / 10
}

function inWords(count: number, one: string): string {
  return `${count} ${count === 1 ? one : `${one}s`}`
}
