'use client'
import { useCallback, useState } from 'react'
import { reasonOf } from '../messages/reason-of.js'

/** What a button does; a rejection is shown beside it. */
export type JobAction = () => unknown

export interface JobActions {
  /** The action that was asked for and has not been answered. */
  readonly pending: 'cancel' | 'retry' | undefined
  /** Why the last one did not work, in a sentence. */
  readonly problem: string
  cancel(): void
  retry(): void
}

/** Cancel and retry as buttons need them: not twice at once, and with a word when it did not work. */
export function useJobActions(onCancel?: JobAction, onRetry?: JobAction): JobActions {
  const [pending, setPending] = useState<'cancel' | 'retry'>()
  const [problem, setProblem] = useState('')
  const act = useCallback(
    async (name: 'cancel' | 'retry', action: JobAction | undefined): Promise<void> => {
      if (action === undefined) return
      setProblem('')
      setPending(name)
      try {
        await action()
      } catch (error) {
        setProblem(reasonOf(error))
      } finally {
        setPending(undefined)
      }
    },
    [],
  )
  return {
    pending,
    problem,
    cancel: () => pending === undefined && void act('cancel', onCancel),
    retry: () => pending === undefined && void act('retry', onRetry),
  }
}
