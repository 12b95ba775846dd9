import { dayInWords } from '../../goals/calendar.js'
import type { KnownContact, WrittenText } from '../contact-book.js'
import type { Talk } from '../contact.js'
import { freshness, type Said, sentencesOf } from './sentences.js'

const mostSentences = 6
/** Two sentences that share so many of their words say the same. */
const sameShare = 0.5
const shortestWord = 3

const emptyWords = new Set(
  'the and for that this with from was were has have had are not but they them their she her his him you your our will would about into than then there what when who which how all any been before after also just only more most some very can could should did does too its out over per'.split(
    ' ',
  ),
)

/** The sentences that say most of what all of them say, in the order in which they were said. */
export function chooseSentences(talks: readonly Talk[], nowMs: number): Said[] {
  const said = sentencesOf(talks).map((each, place) => ({
    ...each,
    place,
    words: wordsOf(each.text),
  }))
  const heard = new Map<string, number>()
  for (const word of said.flatMap(({ words }) => [...words]))
    heard.set(word, (heard.get(word) ?? 0) + 1)
  const ranked = said
    .filter(({ words }) => words.size > 0)
    .map((each) => ({ ...each, rank: rankOf(each.words, heard) * freshness(each.talk, nowMs) }))
    .toSorted((a, b) => b.rank - a.rank)
  const chosen: typeof ranked = []
  for (const each of ranked) {
    if (chosen.length === mostSentences) break
    if (chosen.every((other) => shareOf(each.words, other.words) < sameShare)) chosen.push(each)
  }
  return chosen
    .toSorted((a, b) => a.talk.at.localeCompare(b.talk.at) || a.place - b.place)
    .map(({ text, talk }) => ({ text, talk }))
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

function wordsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return new Set(words.filter((word) => word.length >= shortestWord && !emptyWords.has(word)))
}

/** By the root of its length, so that neither the longest nor the shortest is always the best. */
function rankOf(words: ReadonlySet<string>, heard: ReadonlyMap<string, number>): number {
  const total = [...words].reduce((sum, word) => sum + heard.get(word)!, 0)
  return total / Math.sqrt(words.size)
}

function shareOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const common = [...a].filter((word) => b.has(word)).length
  return common / Math.min(a.size, b.size)
}
