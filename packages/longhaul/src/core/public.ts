/** What apps import from 'longhaul'. The layers below it use `index.ts`, which has more. */
export type { CancelContext } from './cancel-context.js'
export { ChildFailure, type ChildFailureCode, type FailedChild } from './child-failure.js'
export { defineJob, type JobDefinition, type JobOptions } from './define-job.js'
export { defineRequest, type PassedRequest, type RequestOptions } from './define-request.js'
export type { Duration } from './duration.js'
export { type ErrorCode, isErrorCode, type Issue, LonghaulError } from './errors.js'
export {
  type JobContext,
  type SleepOptions,
  type Step,
  type StepContext,
  type StepOptions,
  StopError,
  type StopReason,
  type TransactionalStepOptions,
  type WaitForSignal,
  type WaitForSignalOptions,
} from './job-context.js'
export type { ItemCounts, JobItems } from './job-items.js'
export { JobFailure, type JobFailureOptions } from './job-failure.js'
export type { JobSecrets } from './job-secrets.js'
export type { JobStream, JobStreams } from './job-stream.js'
export type {
  Cancellation,
  Job,
  JobAttempt,
  JobError,
  JobIdentity,
  JobState,
  JobStep,
  StepKind,
} from './job.js'
export {
  isSettled,
  type JobAction,
  type JobStatus,
  nextStatus,
  type SettledStatus,
  transitions,
} from './job-status.js'
export type { Json, JsonObject } from './json.js'
export { limits } from './limits.js'
export type { Logger } from './logger.js'
export type { Pause, PauseScope } from './pause.js'
export type { Principal, Visibility } from './principal.js'
export type { PerLane, Rate } from './queue-limits.js'
export type {
  InputOf,
  JobOf,
  JobTypeName,
  JobTypes,
  JobTypesOf,
  Register,
  RegisteredJobTypes,
  ResultOf,
} from './register.js'
export type { RequestReport } from './request-report.js'
export type { MissedTicks, Schedule } from './schedule.js'
export type {
  Spawn,
  SpawnableJob,
  SpawnAll,
  SpawnInput,
  SpawnOptions,
  SpawnRequest,
  SpawnResult,
} from './spawn.js'
export type { UnhandledJobs } from './unhandled-jobs.js'
export type { WaitingFor } from './waiting-for.js'
export type { Schema, SchemaInput, SchemaOutput } from './standard-schema.js'
export type { OpenTransaction, Statement, Transactions } from './transaction.js'
