import type { Job } from '../core/index.js'
import {
  asChange,
  type EncodedFrame,
  formatKnownVersion,
  withoutLargeResult,
} from '../protocol/index.js'

export type OwnedJob = Job & { readonly tenantId: string; readonly epoch?: string | null }

/** What the hub knows of a job: one row at one version, encoded once for all who read it. */
export interface JobState {
  readonly job: OwnedJob
  /** What a reader knows that was sent it. */
  readonly known: string
  /** For readers that do not know the job. */
  whole(): EncodedFrame
  /** For readers that have the rest of it. */
  change(): EncodedFrame
}

export function createJobState(job: OwnedJob): JobState {
  let whole: EncodedFrame | undefined
  let change: EncodedFrame | undefined
  return {
    job,
    known: formatKnownVersion(job),
    whole: () =>
      (whole ??= { event: 'job', json: JSON.stringify(withoutLargeResult(onWire(job))) }),
    change: () =>
      (change ??= { event: 'change', json: JSON.stringify(withoutLargeResult(asChange(job))) }),
  }
}

/** Without what is for the hub alone. Only for a whole job: leaving out fields costs more than all else that a change does. */
function onWire(job: OwnedJob): Job {
  const { tenantId: _, epoch: __, ...wire } = job
  return wire
}
