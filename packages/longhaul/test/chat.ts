import type { UIMessage } from 'ai'
import * as ai6 from 'ai'
import * as mock6 from 'ai/test'
import * as ai5 from 'ai-5'
import * as mock5 from 'ai-5/test'
import * as ai7 from 'ai-7'
import * as mock7 from 'ai-7/test'
import * as react6 from '@ai-sdk/react'
import * as react5 from 'ai-sdk-react-5'
import * as react7 from 'ai-sdk-react-7'
import type { AnswerStream, ChatContext } from '../src/ai-server/index.js'

/** What the tests use of `useChat`; it is the same in all versions. */
export interface Chat {
  readonly messages: UIMessage[]
  readonly status: 'submitted' | 'streaming' | 'ready' | 'error'
  readonly error: Error | undefined
  sendMessage(message: { text: string }): Promise<void>
  stop(): Promise<void>
  resumeStream(): Promise<void>
}

/** One call of the model: parts one after the other, each as soon as it is there. */
export type ModelCall = (options: {
  readonly prompt: unknown
  readonly abortSignal?: AbortSignal
}) => AsyncIterable<object>

export interface Sdk {
  readonly version: number
  useChat(options: object): Chat
  /** A model whose calls are these; the only thing in the tests that is simulated. */
  model(call: ModelCall): object
  streamText(options: object): AnswerStream
  tool(options: object): object
  usage: object
  finishReason: unknown
}

const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 }
const detailedUsage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 1, text: 1, reasoning: undefined },
}

export const sdks: readonly Sdk[] = [
  sdk(5, ai5, react5, mock5.MockLanguageModelV2, { usage, finishReason: (why: string) => why }),
  sdk(6, ai6, react6, mock6.MockLanguageModelV3, {
    usage: detailedUsage,
    finishReason: (why: string) => ({ unified: why, raw: why }),
  }),
  sdk(7, ai7, react7, mock7.MockLanguageModelV4, {
    usage: detailedUsage,
    finishReason: (why: string) => ({ unified: why, raw: why }),
  }),
]

function sdk(
  version: number,
  ai: object,
  react: object,
  Model: unknown,
  { usage: used, finishReason }: { usage: object; finishReason: (why: string) => unknown },
): Sdk {
  const { streamText, tool, stepCountIs, isStepCount, convertToModelMessages } = ai as Record<
    string,
    (...args: unknown[]) => unknown
  >
  const MockModel = Model as new (options: object) => object
  return {
    version,
    useChat: (react as { useChat: (options: object) => Chat }).useChat,
    usage: used,
    finishReason,
    tool: (options) => tool!(options) as object,
    model: (call) =>
      new MockModel({
        doStream: (options: Parameters<ModelCall>[0]) => ({
          stream: asStream(call(options), { usage: used, finishReason }),
        }),
      }),
    streamText: (options) =>
      streamText!({
        maxRetries: 0,
        stopWhen: (stepCountIs ?? isStepCount)!(5),
        ...options,
      }) as AnswerStream,
    // oxlint-disable-next-line typescript/no-misused-spread
    ...({ convertToModelMessages } as object),
  }
}

/** `finish: 'stop'` becomes the version's own last part. */
function asStream(
  parts: AsyncIterable<object>,
  { usage: used, finishReason }: { usage: object; finishReason: (why: string) => unknown },
): ReadableStream<object> {
  return new ReadableStream({
    async start(controller) {
      try {
        controller.enqueue({ type: 'stream-start', warnings: [] })
        for await (const part of parts) {
          const { finish } = part as { finish?: string }
          controller.enqueue(
            finish === undefined
              ? part
              : { type: 'finish', usage: used, finishReason: finishReason(finish) },
          )
        }
        controller.close()
      } catch (error) {
        controller.error(error)
      }
    },
  })
}

/** The words of a text as a model streams them, each after `pause`. */
export async function* words(
  text: string,
  {
    id = 't',
    pause = async (): Promise<void> => undefined,
  }: { id?: string; pause?: (word: string) => Promise<void> } = {},
): AsyncGenerator<object> {
  yield { type: 'text-start', id }
  for (const word of text.split(' ')) {
    await pause(word)
    yield { type: 'text-delta', id, delta: `${word} ` }
  }
  yield { type: 'text-end', id }
  yield { finish: 'stop' }
}

export type AnyChatContext = ChatContext
