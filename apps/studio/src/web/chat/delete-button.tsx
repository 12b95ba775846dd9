import { type ReactElement, useState } from 'react'
import { deleteConversation } from './chat-api.js'
import type { Notify } from './use-notices.js'

export interface DeleteButtonProps {
  readonly id: string
  readonly onDeleted: () => void
  readonly notify: Notify
}

/** Deletes a conversation. It asks again first: it cannot be undone. */
export function DeleteButton({ id, onDeleted, notify }: DeleteButtonProps): ReactElement {
  const [state, setState] = useState<'idle' | 'asking' | 'deleting'>('idle')

  async function onDelete(): Promise<void> {
    setState('deleting')
    try {
      await deleteConversation(id)
      onDeleted()
    } catch (error) {
      setState('idle')
      notify(error instanceof Error ? error.message : 'The conversation was not deleted.')
    }
  }

  if (state === 'idle') {
    return (
      <button type="button" className="button" onClick={() => setState('asking')}>
        Delete conversation
      </button>
    )
  }
  return (
    <span className="chat-delete" role="group" aria-label="Delete this conversation?">
      <button
        type="button"
        className="button"
        disabled={state === 'deleting'}
        onClick={() => void onDelete()}
      >
        {state === 'deleting' ? 'Deleting…' : 'Delete for good'}
      </button>
      <button
        type="button"
        className="button"
        // It was just pressed, and has gone.
        ref={(button) => button?.focus()}
        disabled={state === 'deleting'}
        onClick={() => setState('idle')}
      >
        Keep it
      </button>
    </span>
  )
}
