'use client'
export {
  ProgressTracker,
  type ProgressTrackerProps,
} from './components/progress-tracker/progress-tracker.js'
export { useConnectionStatus } from './hooks/use-connection-status.js'
export { useCreateJob, type UseCreateJob, type UseCreateJobOfType } from './hooks/use-create-job.js'
export {
  type JobStatusResult,
  useJobStatus,
  type UseJobStatusOptions,
} from './hooks/use-job-status.js'
export { type JobView, useJob } from './hooks/use-job.js'
export { type JobsResult, useJobs, type UseJobsOptions } from './hooks/use-jobs.js'
export type { OutcomeCallbacks } from './hooks/use-outcome.js'
export {
  LonghaulProvider,
  type LonghaulProviderProps,
  useLonghaulClient,
} from './longhaul-provider.js'
