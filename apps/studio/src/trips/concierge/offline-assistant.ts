import { setTimeout as delay } from 'node:timers/promises'
import { offline } from '../../model/written-by.js'
import type { Assistant } from './assistant.js'
import { answerFromFiles } from './attachments/answer-from-files.js'
import { type AttachedFile, filesOfQuestion, latestFiles } from './attachments/attached-file.js'
import { intentOf } from './intent.js'
import { answerTo } from './offline-answer.js'

type Model = Extract<Assistant['model'], { readonly specificationVersion: 'v3' }>
type Call = Parameters<Model['doStream']>[0]
type Part =
  Awaited<ReturnType<Model['doStream']>>['stream'] extends ReadableStream<infer Each> ? Each : never

/** About as fast as a language model writes. */
const wordMs = 40

const noTokens = {
  inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 0, text: 0, reasoning: 0 },
}

const model: Model = {
  specificationVersion: 'v3',
  provider: 'studio',
  modelId: 'offline',
  supportedUrls: {},
  doGenerate: () => Promise.reject(new Error('The offline assistant only streams.')),
  doStream: async (call) => ({ stream: streamOf(parts(call)) }),
}

/** Answers from patterns, the place data and what is attached, in the shape of a language model. It knows nothing else. */
export const offlineAssistant: Assistant = { about: offline, model }

/** First the call of the tool that the question needs; when its output is there, the answer in words. */
async function* parts(call: Call): AsyncGenerator<Part> {
  yield { type: 'stream-start', warnings: [] }
  const { question, output } = lastTurn(call)
  const intent = intentOf(question)
  const files = filesMeant(call, question)
  if (files.length === 0 && intent.kind !== 'unknown' && output === undefined) {
    const { kind: toolName, ...input } = intent
    const toolCallId = `call-${call.prompt.length}`
    yield { type: 'tool-call', toolCallId, toolName, input: JSON.stringify(input) }
    yield finish('tool-calls')
    return
  }
  yield { type: 'text-start', id: 'answer' }
  const answer = files.length > 0 ? answerFromFiles(question, files) : answerTo(intent, output)
  for (const word of answer.split(/(?<=\s)/)) {
    await delay(wordMs, undefined, { signal: call.abortSignal })
    yield { type: 'text-delta', id: 'answer', delta: word }
  }
  yield { type: 'text-end', id: 'answer' }
  yield finish('stop')
}

function finish(why: 'stop' | 'tool-calls'): Part {
  return { type: 'finish', usage: noTokens, finishReason: { unified: why, raw: why } }
}

const ofFiles = /\b(files?|attach\w*|documents?|texts?|images?|pictures?|photos?)\b/i

/** Those of the question; or earlier ones, when it speaks of them or of nothing that is known. */
function filesMeant({ prompt }: Call, question: string): AttachedFile[] {
  const attached = filesOfQuestion(prompt)
  const isOfEarlier = ofFiles.test(question) || intentOf(question).kind === 'unknown'
  return attached.length > 0 || !isOfEarlier ? attached : latestFiles(prompt)
}

/** The last question, and what a tool has said to it since. */
function lastTurn({ prompt }: Call): { question: string; output: unknown } {
  const at = prompt.findLastIndex(({ role }) => role === 'user')
  const asked = prompt[at]
  const question =
    asked?.role === 'user'
      ? asked.content.map((part) => (part.type === 'text' ? part.text : '')).join(' ')
      : ''
  for (const message of prompt.slice(at + 1)) {
    if (message.role !== 'tool') continue
    for (const part of message.content) {
      if (part.type === 'tool-result' && 'value' in part.output)
        return { question, output: part.output.value }
    }
  }
  return { question, output: undefined }
}

function streamOf(all: AsyncGenerator<Part>): ReadableStream<Part> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await all.next()
      if (done === true) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await all.return(undefined)
    },
  })
}
