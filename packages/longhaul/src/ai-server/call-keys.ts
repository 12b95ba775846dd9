/** Some providers give the id of a call again: its second use is `id#2`. Asked in the order of the calls, as that is always the same. */
export function createCallKeys(): (toolCallId: string) => string {
  const uses = new Map<string, number>()
  return (toolCallId) => {
    const count = (uses.get(toolCallId) ?? 0) + 1
    uses.set(toolCallId, count)
    return count === 1 ? toolCallId : `${toolCallId}#${count}`
  }
}
