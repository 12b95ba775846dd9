'use client'
export {
  ActivityIndicator,
  type ActivityIndicatorProps,
} from './components/activity-indicator/activity-indicator.js'
export {
  CompactProgressTracker,
  type CompactProgressTrackerPart,
  type CompactProgressTrackerProps,
} from './components/compact-progress-tracker/compact-progress-tracker.js'
export {
  ConnectionIndicator,
  type ConnectionIndicatorProps,
} from './components/connection-indicator/connection-indicator.js'
export { JobList, type JobListPart, type JobListProps } from './components/job-list/job-list.js'
export {
  ProgressTracker,
  type ProgressTrackerPart,
  type ProgressTrackerProps,
} from './components/progress-tracker/progress-tracker.js'
export { StatusBadge, type StatusBadgeProps } from './components/status-badge/status-badge.js'
export {
  allows,
  type BulkAction,
  type BulkActionName,
  type BulkOutcome,
  useBulkAction,
} from './hooks/use-bulk-action.js'
export {
  type ConnectionNotice,
  useConnectionNotice,
  type UseConnectionNoticeOptions,
} from './hooks/use-connection-notice.js'
export { useConnectionStatus } from './hooks/use-connection-status.js'
export { useCreateJob, type UseCreateJob, type UseCreateJobOfType } from './hooks/use-create-job.js'
export { type JobAction, type JobActions, useJobActions } from './hooks/use-job-actions.js'
export {
  type JobActivity,
  useJobActivity,
  type UseJobActivityOptions,
} from './hooks/use-job-activity.js'
export { useJobDetails, type UseJobDetailsOptions } from './hooks/use-job-details.js'
export { type JobPages, useJobPages, type UseJobPagesOptions } from './hooks/use-job-pages.js'
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
export { useJobsById } from './hooks/use-jobs-by-id.js'
export { type DisclosedPanel, useDisclosedPanel } from './hooks/use-disclosed-panel.js'
export { type KeptFocus, useKeptFocus } from './hooks/use-kept-focus.js'
export { useNow } from './hooks/use-now.js'
export { useWaitingFor } from './hooks/use-waiting-for.js'
export type { OutcomeCallbacks } from './hooks/use-outcome.js'
export {
  type RequestStatus,
  type StatusNames,
  useRequestStatusPolling,
  type UseRequestStatusPollingOptions,
} from './hooks/use-request-status-polling.js'
export { type ConnectionSummary, summariseConnection } from './hooks/summarise-connection.js'
export type { Task, TaskAgent } from './hooks/task.js'
export {
  type TaskSubscription,
  useTaskSubscription,
  type UseTaskSubscriptionOptions,
} from './hooks/use-task-subscription.js'
export { type Selection, useSelection } from './hooks/use-selection.js'
export {
  LonghaulProvider,
  type LonghaulProviderProps,
  useLonghaulClient,
} from './longhaul-provider.js'
export { formatAgo, formatDuration, formatTime } from './messages/format.js'
export type { ConnectionState, MessageChanges, Messages } from './messages/messages.js'
export { type ShownStatus, shownStatus } from './messages/shown-status.js'
export { useMessages } from './messages/use-messages.js'
export { fromSonner, type JobToast, type ShowToast, type SonnerToast } from './toasts/job-toast.js'
export { useJobToasts, type UseJobToastsOptions } from './toasts/use-job-toasts.js'
