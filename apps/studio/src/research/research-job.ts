import { defineJob, type JobDefinition } from 'longhaul'
import type { Answerer } from './answer/answerer.js'
import type { Library } from './library.js'
import { researchRequest, researchResult } from './research.js'
import { type Source, sourcesStream } from './source.js'

export interface ResearchOptions {
  readonly library: Library
  readonly answerer: Answerer
}

/** Looks a question up in the notes of the asker's organisation, and answers it with citations. */
export function createResearch({
  library,
  answerer,
}: ResearchOptions): JobDefinition<'ai_research', typeof researchRequest, typeof researchResult> {
  return defineJob('ai_research', {
    input: researchRequest,
    result: researchResult,
    timeout: '5m',
    concurrency: { perTenant: 10 },
    async run(job) {
      const { question } = job.input
      job.progress(10, 'Looking through the notes')
      const notes = await job.step('search the notes', async () => {
        const found = await library.search(job.job.tenantId, question)
        found.forEach(({ noteId, title, excerpt }, n) => {
          const source: Source = { number: n + 1, noteId, title, excerpt }
          job.stream(sourcesStream).write(source)
        })
        return found
      })
      if (notes.length === 0) {
        return { outcome: 'nothing_found', answer: '', sources: [], writer: answerer.about }
      }
      job.progress(50, `Answering from ${notes.length === 1 ? 'a note' : `${notes.length} notes`}`)
      const answer = await answerer.writeAnswer(job, 'write the answer', { question, notes })
      const sources = notes
        .map(({ noteId, title, excerpt }, n) => ({ number: n + 1, noteId, title, excerpt }))
        .filter(({ number }) => answer.includes(`[${number}]`))
      return { outcome: 'answered', answer, sources, writer: answerer.about }
    },
  })
}
