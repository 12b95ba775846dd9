import type { Json } from './json.js'
import type { Logger } from './logger.js'

/** What `onCancel` gets. */
export interface CancelContext<Input> {
  readonly input: Input
  readonly job: {
    readonly id: string
    readonly type: string
    readonly tenantId: string
    readonly ownerId: string
  }
  /** The results of the steps that had finished, by their keys. A step that is not here may have begun. */
  readonly steps: ReadonlyMap<string, Json | undefined>
  /** Who asked for it, and why. */
  readonly cancellation: { readonly requestedBy: string; readonly reason: string | null }
  /** Counts from 1: a clean-up that fails, or whose process dies, is run again. */
  readonly run: number
  /** The same for every run: give it to providers that take idempotency keys. */
  readonly idempotencyKey: string
  /** Aborts when the clean-up takes longer than its timeout, and when the worker shuts down. */
  readonly signal: AbortSignal
  readonly log: Logger
}
