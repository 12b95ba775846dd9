import type { JobContext } from '../core/index.js'

/** Writes the chunks of an answer, and others among them where they belong. */
export interface AnswerWriter {
  write(chunk: object): void
  /** Written when the call of a tool has been: `useChat` takes no part of a message that has not begun. */
  writeAfterCall(toolCallId: string, chunk: object): void
}

export function createAnswerWriter(stream: JobContext<unknown>['stream']): AnswerWriter {
  const shown = new Set<string>()
  const held = new Map<string, object>()
  return {
    write(chunk) {
      stream.write(chunk)
      const { type, toolCallId } = chunk as { readonly type?: string; readonly toolCallId?: string }
      if (type !== 'tool-input-available' || toolCallId === undefined) return
      shown.add(toolCallId)
      const waiting = held.get(toolCallId)
      held.delete(toolCallId)
      if (waiting !== undefined) stream.write(waiting)
    },
    writeAfterCall(toolCallId, chunk) {
      if (shown.has(toolCallId)) stream.write(chunk)
      else held.set(toolCallId, chunk)
    },
  }
}
