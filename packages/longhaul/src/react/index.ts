'use client'
export {
  CompactProgressTracker,
  type CompactProgressTrackerPart,
  type CompactProgressTrackerProps,
} from './components/compact-progress-tracker/compact-progress-tracker.js'
export {
  ProgressTracker,
  type ProgressTrackerPart,
  type ProgressTrackerProps,
} from './components/progress-tracker/progress-tracker.js'
export { StatusBadge, type StatusBadgeProps } from './components/status-badge/status-badge.js'
export { useConnectionStatus } from './hooks/use-connection-status.js'
export { useCreateJob, type UseCreateJob, type UseCreateJobOfType } from './hooks/use-create-job.js'
export { type JobAction, type JobActions, useJobActions } from './hooks/use-job-actions.js'
export { useJobDetails, type UseJobDetailsOptions } from './hooks/use-job-details.js'
export {
  type JobProgress,
  useJobProgress,
  type UseJobProgressOptions,
} from './hooks/use-job-progress.js'
export {
  type JobStatusResult,
  useJobStatus,
  type UseJobStatusOptions,
} from './hooks/use-job-status.js'
export { type JobStreamView, useJobStream } from './hooks/use-job-stream.js'
export { type JobView, useJob } from './hooks/use-job.js'
export { type JobsResult, useJobs, type UseJobsOptions } from './hooks/use-jobs.js'
export { type KeptFocus, useKeptFocus } from './hooks/use-kept-focus.js'
export { useNow } from './hooks/use-now.js'
export type { OutcomeCallbacks } from './hooks/use-outcome.js'
export {
  LonghaulProvider,
  type LonghaulProviderProps,
  useLonghaulClient,
} from './longhaul-provider.js'
export { formatAgo, formatDuration, formatTime } from './messages/format.js'
export type { ConnectionState, MessageChanges, Messages } from './messages/messages.js'
export { type ShownStatus, shownStatus } from './messages/shown-status.js'
export { useMessages } from './messages/use-messages.js'
