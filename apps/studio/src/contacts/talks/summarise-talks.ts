import { dayInWords } from '../../goals/calendar.js'
import { keySentences } from '../../text/key-sentences.js'
import type { KnownContact, WrittenText } from '../contact-book.js'
import type { Talk } from '../contact.js'
import { freshness, type Said, sentencesOf } from './sentences.js'

const mostSentences = 6

/** The sentences that say most of what all of them say, in the order in which they were said. */
export function chooseSentences(talks: readonly Talk[], nowMs: number): Said[] {
  const said = sentencesOf(talks)
  return keySentences(said, mostSentences, ({ talk }) => freshness(talk, nowMs)).toSorted((a, b) =>
    a.talk.at.localeCompare(b.talk.at),
  )
}

/** What was said, in the words in which it was noted. There is at least one talk that has been. */
export function summariseTalks({ contact, talks }: KnownContact, nowMs: number): WrittenText {
  const past = talks.filter(({ at }) => Date.parse(at) <= nowMs)
  const [latest, earliest] = [past[0]!, past.at(-1)!]
  const days = past.length === 1 ? `on ${day(latest)}` : `from ${day(earliest)} to ${day(latest)}`
  const lines = chooseSentences(past, nowMs).map(({ text, talk }) => `${day(talk)}: ${text}`)
  return {
    subject: `Talks with ${contact.name}`,
    body: [`${countsOf(past)}, ${days}.`, lines.join('\n')].join('\n\n'),
  }
}

function countsOf(talks: readonly Talk[]): string {
  const counts = (['call', 'meeting', 'message'] as const).map((kind) => {
    const { length } = talks.filter((talk) => talk.kind === kind)
    return length === 0 ? '' : `${length} ${kind}${length === 1 ? '' : 's'}`
  })
  return counts.filter(Boolean).join(', ')
}

function day({ at }: Talk): string {
  return dayInWords(at.slice(0, 10))
}
