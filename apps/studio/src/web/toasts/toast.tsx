import { type ReactElement, useEffect } from 'react'
import type { JobToast } from 'longhaul/react'
import { jobAddress } from '../jobs/job-words.js'

export interface ToastProps {
  readonly toast: JobToast
  /** Somebody is reading. */
  readonly isPaused: boolean
  readonly onDismiss: () => void
  /** The same function each time: another one would begin the wait anew. */
  readonly onExpire: (id: string) => void
}

const shownMs = 6000

/** Goes by itself after a while, but for a failure, which stays until it is dismissed. */
export function Toast({ toast, isPaused, onDismiss, onExpire }: ToastProps): ReactElement {
  const { id, kind, title, description, action, job } = toast
  const staysUntilDismissed = kind === 'error' || isPaused
  useEffect(() => {
    if (staysUntilDismissed) return undefined
    const timer = setTimeout(() => onExpire(id), shownMs)
    return () => clearTimeout(timer)
  }, [staysUntilDismissed, onExpire, id])
  return (
    <div className="card toast" data-kind={kind} data-toast={id}>
      <div className="toast-text">
        <a className="toast-title" href={jobAddress(job)} onClick={onDismiss}>
          {title}
        </a>
        <p className="muted">{description}</p>
      </div>
      <div className="toast-actions">
        {action !== undefined && (
          <button
            type="button"
            className="button"
            onClick={() => {
              onDismiss()
              action.run()
            }}
          >
            {action.label}
          </button>
        )}
        <button
          type="button"
          className="toast-dismiss"
          aria-label={`Dismiss: ${title}`}
          onClick={onDismiss}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="m4 4 8 8m0-8-8 8" />
          </svg>
        </button>
      </div>
    </div>
  )
}
