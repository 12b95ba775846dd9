const shortestWord = 3

const emptyWords = new Set(
  'the and for that this with from was were has have had are not but they them their she her his him you your our will would about into than then there what when who which how all any been before after also just only more most some very can could should did does too its out over per'.split(
    ' ',
  ),
)

/** The words of a text that say something, each once. */
export function wordsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return new Set(words.filter((word) => word.length >= shortestWord && !emptyWords.has(word)))
}
