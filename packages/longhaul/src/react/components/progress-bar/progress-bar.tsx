'use client'
import type { ReactElement } from 'react'
import type { JobProgress } from '../../hooks/use-job-progress.js'

export interface ProgressBarProps {
  readonly progress: JobProgress
  /** The id of the element that names the work. */
  readonly labelledBy: string
  readonly className?: string | undefined
}

/** How far a job is. Without a percent the bar moves, and says only what is being done. */
export function ProgressBar({
  progress,
  labelledBy,
  className = '',
}: ProgressBarProps): ReactElement {
  return (
    <progress
      className={`longhaul-bar ${className}`}
      data-status={progress.status}
      aria-labelledby={labelledBy}
      aria-valuetext={progress.valueText}
      max={100}
      value={progress.percent}
    />
  )
}
