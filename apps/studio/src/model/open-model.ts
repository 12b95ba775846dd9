import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { APICallError, type LanguageModel } from 'ai'
import { JobFailure } from 'longhaul'

export interface ModelOptions {
  /** Of an OpenAI-compatible API: `http://127.0.0.1:11434/v1`. */
  readonly url: string
  readonly model: string
  readonly key: string | undefined
}

export function openModel({ url, model, key }: ModelOptions): LanguageModel {
  const provider = { name: 'studio', baseURL: url, apiKey: key, includeUsage: true }
  return createOpenAICompatible(provider).chatModel(model)
}

export interface MissingText {
  readonly model: string
  /** `so the texts are missing` */
  readonly missing: string
  /** What a retry need not do again: `the routes` */
  readonly kept: string
}

/** A model that could not be asked, as the reason why a job failed. */
export function modelUnavailable(
  error: unknown,
  { model, missing, kept }: MissingText,
): JobFailure {
  const said = error instanceof Error ? error.message : String(error)
  return new JobFailure(
    `The language model ${model} could not be asked (${said}), ${missing}. Check STUDIO_MODEL_URL, STUDIO_MODEL and STUDIO_MODEL_KEY, then retry: ${kept} are kept.`,
    {
      code: 'model_unavailable',
      retryable: !APICallError.isInstance(error) || error.isRetryable,
      cause: error,
    },
  )
}

export function modelWithoutText({ model, missing }: MissingText): JobFailure {
  return new JobFailure(
    `The language model ${model} answered without any text, ${missing}. Retry, or choose another model.`,
    { code: 'model_without_text' },
  )
}
