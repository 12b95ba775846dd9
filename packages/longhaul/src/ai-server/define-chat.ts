import type { UIMessage } from 'ai'
import { z } from 'zod'
import {
  defineJob,
  encodeJson,
  type JobContext,
  type JobDefinition,
  JobFailure,
  type JobOptions,
  LonghaulError,
  type Schema,
} from '../core/index.js'
import { type AnswerWriter, createAnswerWriter } from './answer-writer.js'
import { durableModel } from './durable-model.js'
import { durableTools, type ToolOptions } from './durable-tools.js'
import { errorText } from './error-text.js'
import { createAskApproval } from './tool-approval.js'

/** What `streamText` returns, whichever version of the AI SDK it is. */
export interface AnswerStream {
  toUIMessageStream(options: {
    readonly originalMessages: never[]
    readonly generateMessageId: () => string
    readonly onError: (error: unknown) => string
    readonly onFinish: (event: { readonly responseMessage: never }) => void
  }): AsyncIterable<object>
}

/** What an answer is asked for with. */
export interface ChatRequest<Message extends UIMessage = UIMessage> {
  readonly chatId: string
  readonly messages: Message[]
  readonly trigger: 'submit-message' | 'regenerate-message'
  readonly messageId?: string | undefined
  /** What the app sent along. */
  readonly body?: unknown
}

export interface ChatContext<Message extends UIMessage = UIMessage>
  extends ChatRequest<Message>, Pick<JobContext<unknown>, 'job' | 'step' | 'signal' | 'log'> {
  /** Makes each call of a model a step, so that a crash does not pay for it twice. */
  model<Model extends object>(model: Model): Model
  /** Makes each call of a tool a step, and lets those wait that somebody has to allow. */
  tools<Tools extends Record<string, object>>(tools: Tools, options?: ToolOptions<Tools>): Tools
}

export interface AnsweredContext<Message extends UIMessage = UIMessage>
  extends ChatRequest<Message>, Pick<JobContext<unknown>, 'job' | 'step' | 'signal' | 'log'> {
  /** The whole answer. */
  readonly message: Message
}

export interface ChatOptions<Message extends UIMessage> extends Partial<
  Pick<
    JobOptions<Schema, Schema>,
    | 'version'
    | 'visibility'
    | 'queue'
    | 'retry'
    | 'timeout'
    | 'expiresAfter'
    | 'cancelGrace'
    | 'concurrency'
  >
> {
  /** Answers the messages: what `streamText` returns. */
  answer(context: ChatContext<Message>): AnswerStream | PromiseLike<AnswerStream>
  /**
   * Called when an answer is complete, before its job is: keep the message, in a `step`. When the
   * process dies in between, it is called again, with the same message.
   */
  onAnswer?(context: AnsweredContext<Message>): Promise<void> | void
}

export interface ChatAnswer<Message extends UIMessage = UIMessage> {
  /** The whole answer, once it is complete. */
  readonly message: Message
}

const messageSchema = z.looseObject({
  id: z.string(),
  role: z.enum(['system', 'user', 'assistant']),
  parts: z.array(z.looseObject({ type: z.string() })),
})
const request = z.strictObject({
  chatId: z.string().min(1).max(255),
  messages: z.array(messageSchema).min(1),
  trigger: z.enum(['submit-message', 'regenerate-message']),
  messageId: z.string().optional(),
  body: z.json().optional(),
})
const answer = z.strictObject({ message: messageSchema })

/**
 * A job type that answers a chat. Its stream is the AI SDK's UI message stream; `createChatTransport`
 * of `longhaul/ai` shows it in `useChat`. An answer goes on whoever is looking, survives crashes, and
 * is there after a reload; its message is the job's result.
 *
 * @example
 * export const chat = defineChat('chat', {
 *   answer: ({ messages, model, signal }) =>
 *     streamText({
 *       model: model(openai('gpt-5')),
 *       messages: convertToModelMessages(messages),
 *       abortSignal: signal,
 *       maxRetries: 0,
 *     }),
 * })
 */
export function defineChat<const Type extends string, Message extends UIMessage = UIMessage>(
  type: Type,
  { answer: respond, onAnswer, ...options }: ChatOptions<Message>,
): JobDefinition<Type, Schema<ChatRequest<Message>>, Schema<ChatAnswer<Message>>> {
  return defineJob(type, {
    ...options,
    input: request as unknown as Schema<ChatRequest<Message>>,
    result: answer as unknown as Schema<ChatAnswer<Message>>,
    async run(context) {
      const { input, job, step, signal, log, stream } = context
      const shared = { ...input, job, step, signal, log }
      const writer = createAnswerWriter(stream)
      const ask = createAskApproval(context, writer)
      let models = 0
      const result = await respond({
        ...shared,
        model: (model) => durableModel(model, step, (models += 1)),
        tools: (tools, toolOptions) => durableTools(tools, { ...toolOptions, step, log, ask }),
      })
      const message = await follow<Message>(result, context, writer)
      await onAnswer?.({ ...shared, message })
      return { message }
    },
  })
}

async function follow<Message extends UIMessage>(
  result: AnswerStream,
  { input, job, signal }: JobContext<ChatRequest<Message>>,
  writer: AnswerWriter,
): Promise<Message> {
  const errors = new Map<string, unknown>()
  let failure: unknown
  let message: Message | undefined
  const chunks = result.toUIMessageStream({
    originalMessages: input.messages as never[],
    // The same in every attempt, so that an answer that is written again is the same message.
    generateMessageId: () => job.id,
    // Also called for tools that fail, which is no end: the model reads the same text, and answers.
    onError: (error) => {
      const text = errorText(error)
      errors.set(text, error)
      return text
    },
    onFinish: ({ responseMessage }) => void (message = responseMessage),
  })
  for await (const chunk of chunks) {
    if (isError(chunk)) failure ??= errors.get(chunk.errorText) ?? new Error(chunk.errorText)
    else writer.write(chunk)
  }
  signal.throwIfAborted()
  if (failure !== undefined) throw failure
  if (message === undefined)
    throw new JobFailure('The model gave no answer.', { code: 'no_answer' })
  return asKept<Message>(message)
}

/**
 * The message as the job's result will have it.
 *
 * @throws {JobFailure} `invalid_result` when it cannot: the app shall not keep the answer of a job that fails
 */
function asKept<Message extends UIMessage>(message: Message): Message {
  const plain = JSON.parse(JSON.stringify({ message })) as ChatAnswer<Message>
  try {
    const text = encodeJson(plain, { what: 'the answer', badCharacters: 'replace' })
    return (JSON.parse(text) as ChatAnswer<Message>).message
  } catch (error) {
    if (!LonghaulError.is(error)) throw error
    throw new JobFailure(error.message, { code: 'invalid_result', retryable: false, cause: error })
  }
}

function isError(chunk: object): chunk is { readonly errorText: string } {
  return (chunk as { readonly type?: string }).type === 'error'
}
