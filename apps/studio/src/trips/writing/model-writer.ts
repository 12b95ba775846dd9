import { generateTextStep } from 'longhaul/ai/server'
import {
  type MissingText,
  type ModelOptions,
  modelUnavailable,
  modelWithoutText,
  openModel,
} from '../../model/open-model.js'
import { factsAsText, instructions } from './prompt.js'
import type { Writer } from './writer.js'

const maxOutputTokens = 400

/** Has a language model write the texts. The job pays for each text once, however often it is tried. */
export function createModelWriter(options: ModelOptions): Writer {
  const model = openModel(options)
  const missing: MissingText = {
    model: options.model,
    missing: 'so a day would have no text',
    kept: 'the routes',
  }
  return {
    about: { kind: 'model', model: options.model },
    async writeDay(job, stepName, facts) {
      const request = {
        model,
        system: instructions,
        prompt: factsAsText(facts),
        maxOutputTokens,
      }
      const { text } = await generateTextStep(job, stepName, request).catch((error: unknown) => {
        job.signal.throwIfAborted()
        throw modelUnavailable(error, missing)
      })
      if (text.trim() === '') throw modelWithoutText(missing)
      return text.trim()
    },
  }
}
