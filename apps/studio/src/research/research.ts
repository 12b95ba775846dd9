import { z } from 'zod'
import { writtenBy } from '../model/written-by.js'
import { mostQuestionLength } from './question.js'
import type { Source } from './source.js'

export const researchRequest = z.strictObject({
  question: z.string().trim().min(3).max(mostQuestionLength),
})

export type ResearchRequest = z.infer<typeof researchRequest>

const source: z.ZodType<Source> = z.object({
  number: z.number(),
  noteId: z.string(),
  title: z.string(),
  excerpt: z.array(z.object({ text: z.string(), isMatch: z.boolean() })),
})

export const researchResult = z.object({
  outcome: z.enum(['answered', 'nothing_found']),
  answer: z.string(),
  /** Those that the answer cites. */
  sources: z.array(source),
  writer: writtenBy,
})
