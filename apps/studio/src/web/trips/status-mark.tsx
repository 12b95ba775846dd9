import type { ReactElement } from 'react'
import type { TripJob } from './trip.js'

const circumference = 2 * Math.PI * 8

export type StatusMarkProps = Pick<TripJob, 'status' | 'progress'>

/** A small picture of how far a trip is. What it means is written beside it. */
export function StatusMark({ status, progress }: StatusMarkProps): ReactElement {
  const done = progress / 100
  return (
    <svg className="status-mark" data-status={status} viewBox="0 0 20 20" aria-hidden="true">
      <circle className="status-mark-ring" cx="10" cy="10" r="8" />
      {status === 'running' && progress > 0 && (
        <circle
          className="status-mark-done"
          cx="10"
          cy="10"
          r="8"
          strokeDasharray={`${done * circumference} ${circumference}`}
          transform="rotate(-90 10 10)"
        />
      )}
      <path className="status-mark-sign" d={signs[status]} />
    </svg>
  )
}

const signs: Readonly<Record<TripJob['status'], string>> = {
  queued: 'M10 6.5V10l2.5 1.5',
  waiting: 'M10 6.5V10l2.5 1.5',
  running: '',
  completed: 'M6.5 10.2l2.4 2.4 4.6-5',
  failed: 'M7.3 7.3l5.4 5.4M12.7 7.3l-5.4 5.4',
  cancelled: 'M6.8 10h6.4',
}
