import type { Step } from '../core/index.js'

type Execute = (input: unknown, options: { readonly toolCallId: string }) => unknown

/**
 * The same tools, each of whose calls is a step: a call that was completed is not made again when the
 * job is tried again. The step's key is the id of the call.
 */
export function durableTools<Tools extends Record<string, object>>(
  tools: Tools,
  step: Step,
): Tools {
  const wrapped: Record<string, object> = {}
  for (const [name, tool] of Object.entries(tools)) {
    const { execute } = tool as { readonly execute?: Execute }
    wrapped[name] = execute === undefined ? tool : { ...tool, execute: once(name, execute) }
  }
  return wrapped as Tools

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
