/** A note that an answer rests on. */
export interface Source {
  /** As the answer cites it: `[1]`. */
  readonly number: number
  readonly noteId: string
  readonly title: string
  /** Where the note speaks of it. */
  readonly excerpt: readonly { readonly text: string; readonly isMatch: boolean }[]
}

/** While the job runs, what it has found is on this stream, and the answer on the default one. */
export const sourcesStream = 'sources'
