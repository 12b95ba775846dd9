import type { LanguageModel } from 'ai'
import type { WrittenBy } from '../../model/written-by.js'

/** Who answers in the chat. */
export interface Assistant {
  readonly about: WrittenBy
  readonly model: Exclude<LanguageModel, string>
}
