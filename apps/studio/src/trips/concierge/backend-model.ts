import type { Assistant } from './assistant.js'
import { filesOfQuestion } from './attachments/attached-file.js'

type Model = Extract<Assistant['model'], { readonly specificationVersion: 'v3' }>
type Call = Parameters<Model['doStream']>[0]
type Part =
  Awaited<ReturnType<Model['doStream']>>['stream'] extends ReadableStream<infer Each> ? Each : never

const noTokens = {
  inputTokens: {
    total: undefined,
    noCache: undefined,
    cacheRead: undefined,
    cacheWrite: undefined,
  },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
}

/**
 * An outside back end in the shape of a language model: the question goes there as form data with its files
 * and the id of the request, and the answer comes back as it is written. An aborted call closes the connection.
 */
export function backendModel(url: string, requestId: string): Model {
  return {
    specificationVersion: 'v3',
    provider: 'studio',
    modelId: 'backend',
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error('The back end only streams.')),
    async doStream(call) {
      const body = new FormData()
      body.set('request_id', requestId)
      body.set('message', questionOf(call))
      for (const { name, mediaType, data } of filesOfQuestion(call.prompt))
        body.append('file', new Blob([new Uint8Array(data)], { type: mediaType }), name)
      const response = await fetch(`${url.replace(/\/$/, '')}/answers`, {
        method: 'POST',
        body,
        ...(call.abortSignal === undefined ? {} : { signal: call.abortSignal }),
      })
      if (!response.ok || response.body === null)
        throw new Error(`The back end refused the question (${response.status}).`)
      const text = response.body.pipeThrough(new TextDecoderStream())
      return { stream: text.pipeThrough(asParts()) }
    },
  }
}

function questionOf({ prompt }: Call): string {
  const asked = prompt.findLast(({ role }) => role === 'user')
  if (asked?.role !== 'user') return ''
  return asked.content.map((part) => (part.type === 'text' ? part.text : '')).join(' ')
}

function asParts(): TransformStream<string, Part> {
  return new TransformStream({
    start(parts) {
      parts.enqueue({ type: 'stream-start', warnings: [] })
      parts.enqueue({ type: 'text-start', id: 'answer' })
    },
    transform(delta, parts) {
      parts.enqueue({ type: 'text-delta', id: 'answer', delta })
    },
    flush(parts) {
      parts.enqueue({ type: 'text-end', id: 'answer' })
      const finishReason = { unified: 'stop', raw: 'stop' } as const
      parts.enqueue({ type: 'finish', usage: noTokens, finishReason })
    },
  })
}
