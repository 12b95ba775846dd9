import type { ModelOptions } from '../model/open-model.js'
import type { Answerer } from '../research/answer/answerer.js'
import { offlineAnswerer } from '../research/answer/offline-answerer.js'
import { offlineWriter } from '../trips/writing/offline-writer.js'
import type { Writer } from '../trips/writing/writer.js'

/** Who writes what the jobs have to say. */
export interface Writers {
  readonly trips: Writer
  readonly research: Answerer
}

/** By a language model, or without one. */
export async function chooseWriters(model: ModelOptions | undefined): Promise<Writers> {
  if (model === undefined) return { trips: offlineWriter, research: offlineAnswerer }
  // Only now: without a model there is no reason to wait for its libraries.
  const [{ createModelWriter }, { createModelAnswerer }] = await Promise.all([
    import('../trips/writing/model-writer.js'),
    import('../research/answer/model-answerer.js'),
  ])
  return { trips: createModelWriter(model), research: createModelAnswerer(model) }
}
