import {
  type CancelContext,
  type JobDefinition,
  type Json,
  type Logger,
  nextDelayMs,
  StopError,
  withDetails,
} from '../../core/index.js'
import type { TakenCleanup } from '../../postgres/index.js'

/** What becomes of a clean-up: it is over, or it is run again. */
export type CleanupOutcome =
  | { readonly done: true }
  | { readonly done: false; readonly delayMs: number; readonly counts: boolean }

export interface RunCleanup {
  readonly cleanup: TakenCleanup
  readonly definition: JobDefinition
  readonly logger: Logger
  /** Aborts when the worker shuts down. */
  readonly shutdown: AbortSignal
  /** How long it may take to stop when it has to. Then it is left behind. */
  readonly stopGraceMs: number
}

/** Run a clean-up once. It is tried as often as its job may be tried, and then given up. */
export async function runCleanup(options: RunCleanup): Promise<CleanupOutcome> {
  const { cleanup, definition, shutdown } = options
  const log = withDetails(options.logger, {
    tenantId: cleanup.tenantId,
    jobId: cleanup.id,
    type: cleanup.type,
  })
  if (cleanup.run > definition.attempts) {
    log.error({ runs: cleanup.run - 1 }, 'a clean-up was given up: each of its processes died')
    return { done: true }
  }
  const { signal, left, end } = watchTime(options)
  try {
    await Promise.race([definition.onCancel?.(contextOf(cleanup, { signal, log })), left])
    return { done: true }
  } catch (error) {
    if (shutdown.aborted) return { done: false, delayMs: 0, counts: false }
    if (cleanup.run >= definition.attempts) {
      log.error({ error, runs: cleanup.run }, 'a clean-up failed and was given up')
      return { done: true }
    }
    log.warn({ error, run: cleanup.run }, 'a clean-up failed and will be run again')
    const delayMs = nextDelayMs(definition.backoff, cleanup.run, Math.random())
    return { done: false, delayMs, counts: true }
  } finally {
    end()
  }
}

/** `left` rejects once the clean-up was told to stop and has had its grace. */
function watchTime({ definition, shutdown, stopGraceMs }: RunCleanup): {
  readonly signal: AbortSignal
  readonly left: Promise<never>
  end(): void
} {
  const controller = new AbortController()
  let leave: (reason: StopError) => void
  const left = new Promise<never>((_, reject) => {
    leave = reject
  })
  left.catch(() => undefined)
  let grace: NodeJS.Timeout | undefined
  const stop = (reason: StopError): void => {
    if (controller.signal.aborted) return
    controller.abort(reason)
    grace = setTimeout(() => leave(reason), stopGraceMs)
  }
  const timer = setTimeout(
    () => stop(new StopError('timeout', 'The clean-up took longer than its timeout.')),
    definition.cancelTimeoutMs,
  )
  const onShutdown = (): void =>
    stop(new StopError('shutdown', 'The worker is shutting down; the clean-up will be run again.'))
  shutdown.addEventListener('abort', onShutdown)
  if (shutdown.aborted) onShutdown()
  return {
    signal: controller.signal,
    left,
    end() {
      clearTimeout(timer)
      clearTimeout(grace)
      shutdown.removeEventListener('abort', onShutdown)
    },
  }
}

function contextOf(
  cleanup: TakenCleanup,
  { signal, log }: { readonly signal: AbortSignal; readonly log: Logger },
): CancelContext<Json> {
  const { id, type, tenantId, ownerId, input, run, requestedBy, reason } = cleanup
  return {
    input,
    job: { id, type, tenantId, ownerId },
    steps: new Map(cleanup.steps.map(({ key, result }) => [key, result])),
    cancellation: { requestedBy, reason },
    run,
    idempotencyKey: `${id}:onCancel`,
    signal,
    log,
  }
}
