'use client'
import type { ReactElement } from 'react'
import type { ShownStatus } from '../../messages/shown-status.js'

export interface StatusIconProps {
  readonly status: ShownStatus
  readonly className?: string | undefined
}

/** A status as a sign. It is hidden from screen readers: words always stand beside it. */
export function StatusIcon({ status, className = '' }: StatusIconProps): ReactElement {
  return (
    <svg
      className={`longhaul-icon ${className}`}
      data-status={status}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      {signs[status]}
    </svg>
  )
}

const ring = <circle className="longhaul-icon-ring" cx="12" cy="12" r="9" />
const disc = <circle className="longhaul-icon-disc" cx="12" cy="12" r="10" />
const clock = (
  <>
    {ring}
    <path d="M12 7v5l3.25 2" />
  </>
)
const spinner = (
  <>
    <circle className="longhaul-icon-track" cx="12" cy="12" r="9" />
    <path className="longhaul-icon-spinner" d="M21 12a9 9 0 0 0-9-9" />
  </>
)
const cross = <path d="m9 9 6 6m0-6-6 6" />

const signs: Readonly<Record<ShownStatus, ReactElement>> = {
  sending: clock,
  queued: clock,
  running: spinner,
  cancelling: spinner,
  waiting: (
    <>
      {ring}
      <path d="M10 9v6m4-6v6" />
    </>
  ),
  completed: (
    <>
      {disc}
      <path d="m8 12.5 2.75 2.75L16 9.5" />
    </>
  ),
  failed: (
    <>
      {disc}
      {cross}
    </>
  ),
  cancelled: (
    <>
      {ring}
      {cross}
    </>
  ),
}
