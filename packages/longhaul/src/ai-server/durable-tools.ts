import type { Step } from '../core/index.js'
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

export interface DurableToolsOptions<Tools> extends ToolOptions<Tools> {
  readonly step: Step
  readonly ask: AskApproval
}

/**
 * The same tools, each of whose calls is a step: a call that was completed is not made again when the
 * job is tried again. The step's key is the id of the call.
 */
export function durableTools<Tools extends Record<string, object>>(
  tools: Tools,
  { step, ask, needsApproval = [] }: DurableToolsOptions<Tools>,
): Tools {
  const wrapped: Record<string, object> = {}
  for (const [name, tool] of Object.entries(tools)) {
    const { execute } = tool as { readonly execute?: Execute }
    wrapped[name] = execute === undefined ? tool : { ...tool, execute: allowed(name, execute) }
  }
  return wrapped as Tools

  function allowed(name: string, execute: Execute): Execute {
    const call = once(name, execute)
    if (!needsApproval.some((each) => each === name)) return call
    return async (input, options) => {
      const said = await ask(options.toolCallId)
      return said.approved ? call(input, options) : said
    }
  }

  function once(name: string, execute: Execute): Execute {
    return (input, options) =>
      step(`tool ${name}`, { key: options.toolCallId }, async () => {
        const output = await execute(input, options)
        return isAsyncIterable(output) ? lastOf(output) : output
      })
  }
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
