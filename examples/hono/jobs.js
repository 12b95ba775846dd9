import { defineJob } from 'longhaul'
import { z } from 'zod'

export const countWords = defineJob('count_words', {
  input: z.object({ text: z.string() }),
  result: z.object({ words: z.number() }),
  async run({ input, step, progress }) {
    // A step runs once: after a crash the job goes on behind the last one that was finished.
    const words = await step('split', () => input.text.trim().split(/\s+/))
    progress(80, 'Counting')
    return { words: words.length }
  },
})
