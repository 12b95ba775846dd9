export { createClient } from './client.js'
export type {
  ClientOptions,
  JobDetails,
  JobDuration,
  JobPage,
  LonghaulClient,
  ManyDone,
  ManyRetried,
} from './longhaul-client.js'
export type { BatchItem, CreateJobOptions, RetryJobOptions } from './job-options.js'
export type { ConnectionStatus } from './connection-status.js'
export type { HttpOptions } from './http.js'
export type { JobSnapshot, WindowSnapshot } from './job-store.js'
export type { Observable } from './observable.js'
export { isProposed } from './proposed-job.js'
export type { TabGroup } from './tab-group.js'
export type { WebSocketConstructor, WebSocketLike } from './open-socket.js'
export type { ScheduleOptions } from './schedules.js'
export type { StreamPart } from './read-stream.js'
export type { StreamChunk, StreamSnapshot } from './stream-store.js'
export type { WakeUps } from './wake-ups.js'
export type { JobCounts, JobFilter } from '../protocol/index.js'
export {
  isErrorCode,
  isSettled,
  type Job,
  type JobAttempt,
  type JobError,
  type JobStatus,
  type JobStep,
  LonghaulError,
  type WaitingFor,
} from '../core/index.js'
