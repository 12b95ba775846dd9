import type { AnyRoute } from '../route.js'
import { cancelJob } from './cancel-job.js'
import { cleanUpJobs } from './clean-up-jobs.js'
import { createJob } from './create-job.js'
import { createJobs } from './create-jobs.js'
import { deleteJob } from './delete-job.js'
import { getJob } from './get-job.js'
import { health } from './health.js'
import { jobDurations } from './job-durations.js'
import { listJobs } from './list-jobs.js'
import { cancelManyJobs, retryManyJobs } from './many-jobs.js'
import { pauseAndResume, pausedQueues, unhandledJobs } from './queues.js'
import { readStream } from './read-stream.js'
import { retryJob } from './retry-job.js'
import { deleteSchedule, getSchedule, listSchedules, putSchedule } from './schedules.js'
import { reportRequest } from './report-request.js'
import { sendSignal } from './send-signal.js'
import { watchTicket } from './watch-ticket.js'
import { watchByGet, watchByPost } from './watch.js'

/** Every route, in the order in which they are matched. */
export const routes: readonly AnyRoute[] = [
  ...cleanUpJobs,
  createJob,
  createJobs,
  listJobs,
  jobDurations,
  getJob,
  cancelManyJobs,
  retryManyJobs,
  cancelJob,
  retryJob,
  sendSignal,
  reportRequest,
  deleteJob,
  listSchedules,
  getSchedule,
  putSchedule,
  deleteSchedule,
  pausedQueues,
  unhandledJobs,
  ...pauseAndResume,
  readStream,
  watchTicket,
  watchByPost,
  watchByGet,
  health,
]
