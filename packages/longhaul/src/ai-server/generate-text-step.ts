import { generateText, type LanguageModel } from 'ai'
import type { Step } from '../core/index.js'

export interface TextRequest {
  readonly model: LanguageModel
  readonly system?: string
  readonly prompt: string
  /** At most this many tokens of answer. @defaultValue the provider's */
  readonly maxOutputTokens?: number
}

/** What a model wrote and what that took: stored as the step's result. */
export interface WrittenText {
  readonly text: string
  /** As the provider counts; `null` when it does not say. */
  readonly inputTokens: number | null
  readonly outputTokens: number | null
}

/**
 * Ask a language model as a step of a job: the answer is stored, so a job that is tried again after
 * a crash does not pay for it twice.
 *
 * @param job the handler's context: its `step` stores the answer, its `signal` stops the call
 * @throws what the provider threw; the attempt then fails and the job's own retries apply
 * @example
 * const { text } = await generateTextStep({ step, signal }, 'summarise', { model, prompt })
 */
export function generateTextStep(
  { step, signal }: { readonly step: Step; readonly signal: AbortSignal },
  name: string,
  { model, system, prompt, maxOutputTokens }: TextRequest,
): Promise<WrittenText> {
  return step(name, async () => {
    const { text, usage } = await generateText({
      model,
      system,
      prompt,
      maxOutputTokens,
      abortSignal: signal,
      maxRetries: 0, // the job retries; two layers of it would multiply
    })
    return {
      text,
      inputTokens: usage.inputTokens ?? null,
      outputTokens: usage.outputTokens ?? null,
    }
  })
}
