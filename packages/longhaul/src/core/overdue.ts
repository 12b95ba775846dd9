import { failure } from './job-failure.js'
import type { JobError } from './job.js'

/** Why a job failed whose time was over: said by its worker, or by whoever finds it. */
export const deadlineExceeded: JobError = failure(
  'deadline_exceeded',
  'The job was not done by its deadline.',
  null,
  false,
)

export const notStartedInTime: JobError = failure(
  'not_started_in_time',
  'No worker was free for this job within the time in which it had to start.',
  null,
  false,
)
