import { defineJob } from 'longhaul'
import { z } from 'zod'

export const countWords = defineJob('count_words', {
  input: z.object({ text: z.string().min(1).max(2000) }),
  result: z.object({ words: z.number() }),
  async run({ input, step, progress }) {
    const words = await step('split', () => input.text.trim().split(/\s+/))
    progress(50, 'Counting')
    return { words: words.length }
  },
})
