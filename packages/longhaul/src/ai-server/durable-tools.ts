import type { JobContext } from '../core/index.js'
import { createCallKeys } from './call-keys.js'
import { errorText } from './error-text.js'
import type { AskApproval } from './tool-approval.js'

type Execute = (input: unknown, options: { readonly toolCallId: string }) => unknown

export interface ToolOptions<Tools> {
  /**
   * Tools that somebody has to allow, call by call. The answer then has a `data-approval` part, and
   * the job waits until `respond` of the chat's transport is called. A call that is refused is not
   * made: its output is `{ approved: false, reason }`, which the model reads.
   */
  readonly needsApproval?: readonly Extract<keyof Tools, string>[]
}

export interface DurableToolsOptions<Tools>
  extends ToolOptions<Tools>, Pick<JobContext<unknown>, 'step' | 'log'> {
  readonly ask: AskApproval
}

/** In the result of a step whose tool has failed: a step that failed would run again, after the model has answered the failure. */
const failedCall = 'longhaul.failedCall'

interface FailedCall {
  readonly [failedCall]: string
}

/**
 * The same tools, each of whose calls is a step: a call that was completed, or has failed, is not made
 * again when the job is run again. The step's key is the id of the call.
 */
export function durableTools<Tools extends Record<string, object>>(
  tools: Tools,
  { step, log, ask, needsApproval = [] }: DurableToolsOptions<Tools>,
): Tools {
  const wrapped: Record<string, object> = {}
  for (const [name, tool] of Object.entries(tools)) {
    const { execute } = tool as { readonly execute?: Execute }
    wrapped[name] = execute === undefined ? tool : { ...tool, execute: durable(name, execute) }
  }
  return wrapped as Tools

  function durable(name: string, execute: Execute): Execute {
    const keyOf = createCallKeys()
    const isAsked = needsApproval.some((each) => each === name)
    return async (input, options) => {
      const { toolCallId } = options
      const key = keyOf(toolCallId)
      if (isAsked) {
        const said = await ask(toolCallId)
        if (!said.approved) return said
      }
      const output = await step(`tool ${name}`, { key }, async ({ signal }) => {
        try {
          const made = await execute(input, options)
          return isAsyncIterable(made) ? await lastOf(made) : made
        } catch (error) {
          // It was told to stop, which is no answer of the tool's.
          signal.throwIfAborted()
          log.warn({ tool: name, toolCallId, error }, 'the call of a tool failed')
          return { [failedCall]: errorText(error) } satisfies FailedCall
        }
      })
      if (hasFailed(output)) throw new Error(output[failedCall])
      return output
    }
  }
}

function hasFailed(output: unknown): output is FailedCall {
  return typeof output === 'object' && output !== null && failedCall in output
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

/** What a tool yields before its last value is preliminary, and not kept. */
async function lastOf(values: AsyncIterable<unknown>): Promise<unknown> {
  let last: unknown
  for await (const value of values) last = value
  return last
}
