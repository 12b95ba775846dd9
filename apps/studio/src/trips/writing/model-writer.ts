import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { APICallError } from 'ai'
import { JobFailure } from 'longhaul'
import { generateTextStep } from 'longhaul/ai/server'
import { factsAsText, instructions } from './prompt.js'
import type { Writer } from './writer.js'

export interface ModelOptions {
  /** Of an OpenAI-compatible API: `http://127.0.0.1:11434/v1`. */
  readonly url: string
  readonly model: string
  readonly key: string | undefined
}

const maxOutputTokens = 400

/** Has a language model write the texts. The job pays for each text once, however often it is tried. */
export function createModelWriter({ url, model: name, key }: ModelOptions): Writer {
  const provider = createOpenAICompatible({ name: 'studio', baseURL: url, apiKey: key })
  const model = provider.chatModel(name)
  return {
    about: { kind: 'model', model: name },
    async writeDay(job, stepName, facts) {
      const request = {
        model,
        system: instructions,
        prompt: factsAsText(facts),
        maxOutputTokens,
      }
      const { text } = await generateTextStep(job, stepName, request).catch((error: unknown) => {
        job.signal.throwIfAborted()
        throw asFailure(error, name)
      })
      if (text.trim() === '') throw noText(name)
      return text.trim()
    },
  }
}

function asFailure(error: unknown, model: string): JobFailure {
  const said = error instanceof Error ? error.message : String(error)
  return new JobFailure(
    `The language model ${model} could not be asked (${said}), so the texts are missing. Check STUDIO_MODEL_URL, STUDIO_MODEL and STUDIO_MODEL_KEY, then retry: the routes are kept.`,
    {
      code: 'model_unavailable',
      retryable: !APICallError.isInstance(error) || error.isRetryable,
      cause: error,
    },
  )
}

function noText(model: string): JobFailure {
  return new JobFailure(
    `The language model ${model} answered without any text, so a day would have none. Retry, or choose another model.`,
    { code: 'model_without_text' },
  )
}
