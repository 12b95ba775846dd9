import { offline } from '../../model/written-by.js'
import type { FoundNote } from '../library.js'
import type { Answerer, AnswerFacts } from './answerer.js'

const mostSentences = 6
const mostOfOneNote = 2
/** Of the best sentence's rank: what shares less with the question is there by chance. */
const leastShare = 0.5

/** Answers with the sentences of the notes themselves, without a language model. It says nothing that is not in them. */
export const offlineAnswerer: Answerer = {
  about: offline,
  writeAnswer: (job, stepName, facts) =>
    job.step(stepName, () => {
      const parts = quote(facts)
      for (const part of parts) job.stream.write(part)
      return parts.join('')
    }),
}

/** A paragraph for each note, in its own words and order, with where they are from. */
export function quote({ notes }: AnswerFacts): string[] {
  const candidates = notes.flatMap(bestOf).toSorted((a, b) => b.rank - a.rank)
  const least = (candidates[0]?.rank ?? 0) * leastShare
  const chosen = new Set(candidates.filter(({ rank }) => rank >= least).slice(0, mostSentences))
  return notes
    .map(({ sentences }, n) => ({
      number: n + 1,
      said: sentences.filter((each) => chosen.has(each)),
    }))
    .filter(({ said }) => said.length > 0)
    .map(
      ({ number, said }, n) => `${n === 0 ? '' : '\n\n'}${said.map(plain).join(' ')} [${number}]`,
    )
}

function bestOf({ sentences }: FoundNote): FoundNote['sentences'] {
  return sentences.toSorted((a, b) => b.rank - a.rank).slice(0, mostOfOneNote)
}

/** What looks like a citation in a note is none of this answer. */
function plain({ text }: FoundNote['sentences'][number]): string {
  return text.replaceAll(/\[(\d+)\]/g, '($1)')
}
