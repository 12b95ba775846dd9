import type { ReactElement } from 'react'
import type { Notice } from './use-notices.js'

export interface NoticesProps {
  readonly notices: readonly Notice[]
  readonly onDismiss: (key: number) => void
}

/** Toasts. The list is always there, so that screen readers hear of what comes into it. */
export function Notices({ notices, onDismiss }: NoticesProps): ReactElement {
  return (
    <div className="notices" role="alert">
      {notices.map(({ key, text }) => (
        <p key={key} className="card notice">
          {text}
          <button type="button" className="button" onClick={() => onDismiss(key)}>
            Close
          </button>
        </p>
      ))}
    </div>
  )
}
