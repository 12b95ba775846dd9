import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { JobContext, Schema } from '../core/index.js'
import type { AnswerWriter } from './answer-writer.js'
import { createCallKeys } from './call-keys.js'

export interface ApprovalResponse {
  readonly approved: boolean
  readonly reason?: string | undefined
}

const response: Schema<ApprovalResponse> = z.strictObject({
  approved: z.boolean(),
  reason: z.string().max(500).optional(),
})

/** Asks whoever follows the answer whether a tool may be called, and waits for what they say. */
export type AskApproval = (toolCallId: string) => Promise<ApprovalResponse>

/**
 * The question is a `data-approval` part of the answer, and the response a signal to the job. Until
 * it comes the job waits and holds no worker; when it is run again, what was said is remembered.
 */
export function createAskApproval(
  { job, waitForSignal }: Pick<JobContext<unknown>, 'job' | 'waitForSignal'>,
  writer: AnswerWriter,
): AskApproval {
  const keyOf = createCallKeys()
  return async (toolCallId) => {
    const id = keyOf(toolCallId)
    const signal = signalOf(id)
    const data = { jobId: job.id, toolCallId, signal }
    writer.writeAfterCall(toolCallId, { type: 'data-approval', id, data })
    const said = await waitForSignal(signal, { schema: response })
    // Without a timeout the wait ends with a signal only.
    return said!
  }
}

/** Each call has a signal of its own. Ids of calls are not always names of signals, so it is a hash. */
function signalOf(key: string): string {
  return `approval.${createHash('sha256').update(key).digest('hex').slice(0, 32)}`
}
