import { type ModelOptions, openModel } from '../../model/open-model.js'
import type { Assistant } from './assistant.js'

/** Has a language model answer in the chat. */
export function createModelAssistant(options: ModelOptions): Assistant {
  return {
    about: { kind: 'model', model: options.model },
    model: openModel(options) as Assistant['model'],
  }
}
