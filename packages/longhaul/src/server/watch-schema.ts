import { LonghaulError } from '../core/index.js'
import { checkSchema, type Database, type Hints } from '../postgres/index.js'

const lookMs = 30_000

/**
 * A newer version may change the schema in a way that this one would misread, while this one is at
 * work. That comes with a hint, and is looked for every 30 s as hints can be lost.
 *
 * @param onIncompatible is told once
 * @returns a function that ends it
 */
export function watchSchema(
  { db, hints }: { readonly db: Database; readonly hints: Hints },
  onIncompatible: (why: LonghaulError) => void,
): () => void {
  const timer = setInterval(() => void look(), lookMs)
  timer.unref()
  const unsubscribe = hints.subscribe((hint) => {
    if (hint.everything === true) void look()
  })

  async function look(): Promise<void> {
    try {
      await checkSchema(db)
    } catch (error) {
      // Without an answer nothing is known; the next look comes soon.
      if (!LonghaulError.is(error, 'incompatible_schema')) return
      end()
      onIncompatible(error)
    }
  }

  function end(): void {
    clearInterval(timer)
    unsubscribe()
  }

  return end
}
