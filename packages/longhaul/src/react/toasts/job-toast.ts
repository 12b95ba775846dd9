import type { Job } from '../../client/index.js'

/** What a toast says of a job that has settled, for any library that shows toasts. */
export interface JobToast {
  /** The same for the same settlement: a library that has ids shows it once. */
  readonly id: string
  readonly kind: 'success' | 'error' | 'info'
  readonly title: string
  readonly description: string | undefined
  readonly action: { readonly label: string; readonly run: () => void } | undefined
  readonly job: Job
}

export type ShowToast = (toast: JobToast) => void

interface SonnerOptions {
  readonly id: string
  readonly description?: string
  readonly duration?: number
  readonly action?: { readonly label: string; readonly onClick: () => void }
}

/** As much of sonner's `toast` as is needed: Longhaul does not depend on it. */
export type SonnerToast = Readonly<
  Record<JobToast['kind'], (title: string, options: SonnerOptions) => unknown>
>

/**
 * Show jobs' toasts with sonner. A failure stays until it is closed.
 *
 * @example
 * useJobToasts({ show: fromSonner(toast) })
 */
export function fromSonner(toast: SonnerToast): ShowToast {
  return ({ id, kind, title, description, action }) => {
    toast[kind](title, {
      id,
      ...(description === undefined ? {} : { description }),
      ...(kind === 'error' ? { duration: Number.POSITIVE_INFINITY } : {}),
      ...(action === undefined
        ? {}
        : { action: { label: action.label, onClick: () => action.run() } }),
    })
  }
}
