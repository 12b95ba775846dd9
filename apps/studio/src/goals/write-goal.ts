import { APICallError, Output, streamText } from 'ai'
import { JobFailure } from 'longhaul'
import { z } from 'zod'
import { openModel } from '../model/open-model.js'
import { aboutProvider, type Provider } from './provider.js'
import { composeGoal, type SmartGoal } from './smart-goal.js'

const text = z.string().trim().min(1).max(600)
const writtenParts = z.object({
  title: text,
  specific: text,
  measurable: text,
  achievable: text,
  relevant: text,
})

const instructions = [
  'Make a goal of a wish, by the letters of SMART. Answer with a JSON object of five sentences in English and nothing else:',
  `${Object.keys(writtenParts.shape).join(', ')}.`,
  'Make up no dates, amounts or reasons: of what the wish does not say, say that it is open.',
].join(' ')

export interface WriteGoal {
  readonly wish: string
  readonly today: string
  readonly provider: Provider
  /** Of whoever wishes. */
  readonly key: string
  readonly signal: AbortSignal
  /** Told while it writes, with how many of the five parts have begun. */
  readonly onPart: (count: number) => void
}

export interface WrittenGoal {
  readonly goal: SmartGoal
  /** As the provider counts; 0 when it does not say. */
  readonly tokens: number
}

/** Has the provider write a goal. The date is that of the wish, by the same rules as without a model. */
export async function writeGoal(asked: WriteGoal): Promise<WrittenGoal> {
  const { wish, today, provider, key, signal, onPart } = asked
  let failure: unknown
  const answer = streamText({
    model: openModel({ ...provider, key }),
    system: instructions,
    prompt: wish,
    output: Output.json(),
    abortSignal: signal,
    maxRetries: 0, // the job retries
    onError: ({ error }) => {
      failure ??= error
    },
  })
  try {
    for await (const parts of answer.partialOutputStream) onPart(Object.keys(parts ?? {}).length)
    const [output, usage] = await Promise.all([answer.output, answer.usage])
    const written = writtenParts.parse(output)
    const goal = { ...composeGoal(wish, today), ...written, model: provider.model }
    return { goal, tokens: usage.totalTokens ?? 0 }
  } catch (error) {
    signal.throwIfAborted()
    throw notWritten(failure ?? error, aboutProvider(provider).host)
  }
}

/** Says nothing of what the provider said: there may be a part of the key in it. */
function notWritten(error: unknown, host: string): JobFailure {
  const status = APICallError.isInstance(error) ? error.statusCode : undefined
  if (status === 401 || status === 403) {
    return new JobFailure(`${host} refused your key. Check it, and send your wish again.`, {
      code: 'key_refused',
      retryable: false,
    })
  }
  const why = status === undefined ? 'no answer that is a goal' : `an answer of ${status}`
  return new JobFailure(`${host} gave ${why}. Send your wish again, or without a key.`, {
    code: 'provider_failed',
    retryable: !APICallError.isInstance(error) || error.isRetryable,
  })
}
