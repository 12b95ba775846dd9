import type { UIMessage, UIMessageChunk } from 'ai'
import type { LonghaulClient } from '../client/index.js'

/** The text that an answer had written which did not come to its end; `undefined`: none. */
export async function partialAnswer(
  client: LonghaulClient,
  jobId: string,
): Promise<UIMessage | undefined> {
  let chunks: UIMessageChunk[] = []
  for await (const { values, restarted } of client.readStream(jobId)) {
    if (restarted) chunks = []
    chunks.push(...(values as unknown as UIMessageChunk[]))
  }
  const text = chunks.map((chunk) => (chunk.type === 'text-delta' ? chunk.delta : '')).join('')
  if (text === '') return undefined
  const start = chunks.find(({ type }) => type === 'start') as { messageId?: string } | undefined
  return { id: start?.messageId ?? jobId, role: 'assistant', parts: [{ type: 'text', text }] }
}
