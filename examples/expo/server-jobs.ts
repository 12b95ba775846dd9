// The jobs of examples/express, as the hooks know them. Beside the server itself: `longhaul: typeof longhaul`.
import type { JobOf } from 'longhaul'

interface ServerJobs {
  readonly count_words: {
    readonly input: { readonly text: string }
    readonly result: { readonly words: number }
  }
}

declare module 'longhaul' {
  interface Register {
    longhaul: { readonly types: ServerJobs }
  }
}

export type CountWordsJob = JobOf<'count_words'>
