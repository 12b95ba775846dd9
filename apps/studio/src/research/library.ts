import type { Source } from './source.js'

/** A note that has to do with the question. */
export interface FoundNote extends Omit<Source, 'number'> {
  /** The sentences of the note that speak of it, as they stand there. The rank grows with how much they do. */
  readonly sentences: readonly { readonly text: string; readonly rank: number }[]
}

export interface Library {
  /** The notes of this tenant, and of no other, that have to do with the question; the best first. */
  search(tenantId: string, question: string): Promise<readonly FoundNote[]>
}
