import type { ReactElement } from 'react'
import { CompactProgressTracker } from 'longhaul/react'
import type { useAiProxy } from './use-ai-proxy.js'

export interface ProxyProgressProps {
  readonly proxy: ReturnType<typeof useAiProxy>
  readonly label: string
}

/** How far the last request is, or why it failed. */
export function ProxyProgress({ proxy, label }: ProxyProgressProps): ReactElement {
  const { job, error, isJobFailed } = proxy
  return (
    <>
      {job !== undefined && <CompactProgressTracker job={job} label={label} />}
      <p className="problem" role="alert">
        {isJobFailed ? undefined : error?.message}
      </p>
    </>
  )
}
