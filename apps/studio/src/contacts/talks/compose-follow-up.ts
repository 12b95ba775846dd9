import { daysBetween } from '../../goals/calendar.js'
import type { KnownContact, WrittenText } from '../contact-book.js'
import type { Talk } from '../contact.js'
import { freshness, type Said, sentencesOf } from './sentences.js'
import { firstNameOf, talkInWords } from './talk-words.js'

interface Theme {
  readonly heading: string
  readonly words: RegExp
  /** How much it matters that this is not forgotten. */
  readonly weight: number
}

/** The first that fits is the one. */
const themes: readonly Theme[] = [
  {
    heading: 'What we said we would do',
    words: /\b(?:we|i)(?:['’]ll| will| promised| owe)\b|\bpromised\b/i,
    weight: 3,
  },
  { heading: 'What you asked', words: /\?$|\b(?:asked|asks|wonders?)\b/i, weight: 2.5 },
  {
    heading: 'What matters to you, as I noted it',
    words: /\b(?:wants?|needs?|hopes?|prefers?|would like|must)\b/i,
    weight: 1.5,
  },
]

const mostPoints = 4
/** What is about three months old and was no promise is not worth a reminder. */
const leastWorth = 0.3
const recentDays = 14

interface Point extends Said {
  readonly theme: Theme
  readonly worth: number
}

/** What is open from the talks, most pressing first: by what kind of sentence it is, and how long ago it was said. */
export function openPoints(talks: readonly Talk[], nowMs: number): Point[] {
  return sentencesOf(talks)
    .flatMap((said) => {
      const theme = themes.find(({ words }) => words.test(said.text))
      if (theme === undefined) return []
      return [{ ...said, theme, worth: theme.weight * freshness(said.talk, nowMs) }]
    })
    .filter(({ worth }) => worth >= leastWorth)
    .toSorted((a, b) => b.worth - a.worth)
    .slice(0, mostPoints)
}

/** A message out of what was noted, and of nothing else. There is at least one talk that has been. */
export function composeFollowUp({ contact, talks }: KnownContact, nowMs: number): WrittenText {
  const past = talks.filter(({ at }) => Date.parse(at) <= nowMs)
  const next = talks.findLast(({ at }) => Date.parse(at) > nowMs)
  const last = past[0]!
  const points = openPoints(past, nowMs)
  const paragraphs = [
    `Hello ${firstNameOf(contact)},`,
    opening(last, nowMs),
    ...themes.flatMap((theme) => listed(theme, points)),
    points.length === 0
      ? 'I have noted nothing that is still open. Is there anything on your side?'
      : '',
    next === undefined
      ? 'Would a short call in the next days suit you?'
      : `I look forward to our ${talkInWords(next)}.`,
    'Best regards',
  ]
  return {
    subject: `After our ${talkInWords(last)}`,
    body: paragraphs.filter(Boolean).join('\n\n'),
  }
}

function opening(last: Talk, nowMs: number): string {
  const days = daysBetween(last.at.slice(0, 10), new Date(nowMs).toISOString().slice(0, 10))
  if (days <= recentDays) return `Thank you for the ${talkInWords(last)}.`
  const weeks = Math.round(days / 7)
  return `It is ${weeks} weeks since our ${talkInWords(last)}, so here is where we stand.`
}

function listed(theme: Theme, points: readonly Point[]): string[] {
  const own = points.filter((point) => point.theme === theme)
  if (own.length === 0) return []
  return [[`${theme.heading}:`, ...own.map(({ text }) => `– ${text}`)].join('\n')]
}
