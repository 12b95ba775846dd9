import type { ModelOptions } from '../model/open-model.js'
import type { Answerer } from '../research/answer/answerer.js'
import { offlineAnswerer } from '../research/answer/offline-answerer.js'
import type { Assistant } from '../trips/concierge/assistant.js'
import { offlineAssistant } from '../trips/concierge/offline-assistant.js'
import { offlineWriter } from '../trips/writing/offline-writer.js'
import type { Writer } from '../trips/writing/writer.js'

/** Who writes what the jobs have to say. */
export interface Writers {
  readonly trips: Writer
  readonly research: Answerer
  readonly chat: Assistant
}

/** By a language model, or without one. */
export async function chooseWriters(model: ModelOptions | undefined): Promise<Writers> {
  if (model === undefined)
    return { trips: offlineWriter, research: offlineAnswerer, chat: offlineAssistant }
  // Only now: without a model there is no reason to wait for its libraries.
  const [{ createModelWriter }, { createModelAnswerer }, { createModelAssistant }] =
    await Promise.all([
      import('../trips/writing/model-writer.js'),
      import('../research/answer/model-answerer.js'),
      import('../trips/concierge/model-assistant.js'),
    ])
  return {
    trips: createModelWriter(model),
    research: createModelAnswerer(model),
    chat: createModelAssistant(model),
  }
}
