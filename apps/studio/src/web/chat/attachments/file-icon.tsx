import type { ReactElement } from 'react'

/** Of a text file: a page with a few lines. */
export function FileIcon(): ReactElement {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6" />
    </svg>
  )
}
