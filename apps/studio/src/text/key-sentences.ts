import { wordsOf } from './words-of.js'

/** Two sentences that share so many of their words say the same. */
const sameShare = 0.5

/**
 * The sentences that say most of what all of them say, in the order in which they stand.
 *
 * @param weight what makes one count for more than another
 */
export function keySentences<Sentence extends { readonly text: string }>(
  sentences: readonly Sentence[],
  most: number,
  weight: (sentence: Sentence) => number = () => 1,
): Sentence[] {
  const said = sentences.map((sentence, place) => ({
    sentence,
    place,
    words: wordsOf(sentence.text),
  }))
  const heard = new Map<string, number>()
  for (const word of said.flatMap(({ words }) => [...words]))
    heard.set(word, (heard.get(word) ?? 0) + 1)
  const ranked = said
    .filter(({ words }) => words.size > 0)
    .map((each) => ({ ...each, rank: rankOf(each.words, heard) * weight(each.sentence) }))
    .toSorted((a, b) => b.rank - a.rank)
  const chosen: typeof ranked = []
  for (const each of ranked) {
    if (chosen.length === most) break
    if (chosen.every((other) => shareOf(each.words, other.words) < sameShare)) chosen.push(each)
  }
  return chosen.toSorted((a, b) => a.place - b.place).map(({ sentence }) => sentence)
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
