import type { ReactElement } from 'react'
import { CompactProgressTracker, useRequestStatusPolling } from 'longhaul/react'
import { useJobQuery } from 'longhaul/tanstack-query'
import type { Intent } from '../../goals/intent-of.js'
import { requestStatus } from '../../goals/request-status.js'
import type { useAiProxy } from './use-ai-proxy.js'
import { useLatestRequest } from './use-latest-request.js'

export interface ProxyProgressProps {
  readonly proxy: ReturnType<typeof useAiProxy>
  readonly intent: Intent
  readonly label: string
}

/** How far the latest request is, or why it failed: the one that was made here, and after a reload the same. */
export function ProxyProgress({ proxy, intent, label }: ProxyProgressProps): ReactElement {
  const latest = useLatestRequest(intent)
  const requestId = proxy.data?.job_id ?? latest
  const { data: job } = useJobQuery(requestId)
  const { status } = useRequestStatusPolling({ requestId, statusNames: requestStatus })
  return (
    <>
      {job !== undefined && (
        <div className="proxy-request">
          <CompactProgressTracker job={job} label={label} />
          {status !== null && <code className="proxy-status">{status}</code>}
        </div>
      )}
      <p className="problem" role="alert">
        {proxy.isJobFailed ? undefined : proxy.error?.message}
      </p>
    </>
  )
}
