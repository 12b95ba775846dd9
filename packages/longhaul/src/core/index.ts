export { type Backoff, nextDelayMs } from './backoff.js'
export { ChildFailure, type ChildFailureCode, type FailedChild } from './child-failure.js'
export { defineJob, type JobDefinition, type JobOptions } from './define-job.js'
export { type Duration, parseDuration } from './duration.js'
export { parseTime } from './parse-time.js'
export {
  encodeJson,
  type EncodeJsonOptions,
  escapePointer,
  replaceForbiddenCharacters,
} from './encode-json.js'
export {
  type ErrorCode,
  errorCodes,
  isErrorCode,
  type Issue,
  LonghaulError,
  type LonghaulErrorOptions,
} from './errors.js'
export { isJobId, type RandomBytes, uuidV7 } from './ids.js'
export {
  type JobContext,
  type SleepOptions,
  type Step,
  type StepContext,
  type StepOptions,
  type TransactionalStepOptions,
  StopError,
  type StopReason,
  type WaitForSignal,
  type WaitForSignalOptions,
} from './job-context.js'
export type { UnhandledJobs } from './unhandled-jobs.js'
export type { WaitingFor } from './waiting-for.js'
export type { CancelContext } from './cancel-context.js'
export { deadlineExceeded, notStartedInTime } from './overdue.js'
export type { JobSecrets } from './job-secrets.js'
export {
  describeFailure,
  failure,
  JobFailure,
  type JobFailureOptions,
  retryAfterMsOf,
} from './job-failure.js'
export { defaultStream, type JobStream, type JobStreams } from './job-stream.js'
export {
  type Cancellation,
  type Job,
  type JobAttempt,
  type JobError,
  type JobIdentity,
  type JobState,
  jobStateFields,
  type JobStep,
  type StepKind,
} from './job.js'
export {
  isJobStatus,
  isSettled,
  type JobAction,
  type JobStatus,
  jobStatuses,
  nextStatus,
  type SettledStatus,
  statusesAllowing,
  transitions,
} from './job-status.js'
export type { Json, JsonObject } from './json.js'
export {
  fieldAt,
  fieldEntries,
  fieldEntry,
  fieldPathPattern,
  type FieldValue,
} from './input-fields.js'
export { limits } from './limits.js'
export type { ItemCounts, JobItems } from './job-items.js'
export { type Logger, withDetails } from './logger.js'
export { hasForbiddenCharacter, isForeignId, isName, namePattern, utf8Bytes } from './names.js'
export type { Pause, PauseScope } from './pause.js'
export {
  canSee,
  isAdmin,
  isOperator,
  type Ownership,
  type Principal,
  type Visibility,
} from './principal.js'
export {
  isLimited,
  type LaneLimit,
  type PerLane,
  type QueueLimits,
  type Rate,
} from './queue-limits.js'
export { createRedactor, type Redactor } from './redactor.js'
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
export {
  type Parsed,
  parseWith,
  type Schema,
  type SchemaInput,
  type SchemaOutput,
} from './standard-schema.js'
export { type Pace, restAfter } from './rest-after.js'
export { wholeNumber } from './whole-number.js'
export type { OpenTransaction, Statement, Transactions } from './transaction.js'
export { reportSignal, type RequestReport, requestReport } from './request-report.js'
export { defineRequest, type PassedRequest, type RequestOptions } from './define-request.js'
