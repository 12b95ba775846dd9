export { type Database, type OwnDatabase, runOne } from './database.js'
export { dropSchema, findSchema } from './drop-schema.js'
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  openEmbeddedPostgres,
} from './embedded/open-embedded-postgres.js'
export { makeTemporaryDirectory } from './embedded/temporary-directory.js'
export { readEpoch, runWithEpoch, type WithEpoch } from './epoch.js'
export type { Hint } from './hint-message.js'
export { createHints, type Hints } from './hints.js'
export { joinTransaction } from './join-transaction.js'
export { checkMigrated, checkSchema, migrate } from './migrate.js'
export {
  ofPgClient,
  openPgDatabase,
  type PgDatabase,
  type PgClient,
  type PgDatabaseOptions,
  poolConfig,
} from './pg.js'
export {
  bindTenantRole,
  grantClaims,
  notifyTaskStatus,
  openToOutsiders,
  publishJobs,
} from './outsiders/open-to-outsiders.js'
export { countItems, lockBatches } from './queries/batches/count-items.js'
export { findItemCounts, findItems, type ItemCountRow } from './queries/batches/find-items.js'
export { recountItems } from './queries/batches/recount-items.js'
export {
  type Cascade,
  endCascades,
  lockCascades,
  saveCascades,
} from './queries/children/cascades.js'
export {
  type ChildRow,
  type FamilyRow,
  findChildren,
  findFamilies,
} from './queries/children/find-children.js'
export { holdBack, letGo } from './queries/children/hold-back.js'
export { lockChildren } from './queries/children/lock-children.js'
export { findSkipped, type SkippedJob } from './queries/jobs/find-skipped.js'
export { resetChildSteps } from './queries/children/reset-child-steps.js'
export { endCleanup, lockJobOfCleanup, putOffCleanup } from './queries/cleanups/end-cleanup.js'
export { type TakenCleanup, takeCleanups } from './queries/cleanups/take-cleanups.js'
export { inheritDeadline } from './queries/children/inherit-deadline.js'
export { lockParents, wakeParents, type WokenRow } from './queries/children/wake-parents.js'
export {
  cancelChildren,
  type CancelJob,
  type CancelledKey,
  type CancelledRow,
  cancelJob,
  cancelJobs,
} from './queries/jobs/cancel-job.js'
export { type DeletedRow, deleteJob } from './queries/jobs/delete-job.js'
export { findAttempts, findCancellations, findSteps } from './queries/jobs/find-details.js'
export { findDurations, type JobDuration } from './queries/jobs/find-durations.js'
export {
  findHolders,
  findJob,
  findJobsByKey,
  findVersions,
  type HolderRow,
  isJobRow,
  type JobKey,
  type OwnedJobRow,
  type VersionRow,
} from './queries/jobs/find-jobs.js'
export {
  type InsertedJob,
  insertJobs,
  insertNewJobs,
  readInserted,
} from './queries/jobs/insert-jobs.js'
export type { NewJob } from './queries/jobs/new-job.js'
export {
  countJobs,
  type CountRow,
  type JobSelection,
  type ListedJobRow,
  listJobs,
  type PagePosition,
} from './queries/jobs/list-jobs.js'
export { countJobsLeft, lockJob, lockJobs, type ManyJobs } from './queries/jobs/lock-job.js'
export {
  findUnsettled,
  holdSingleton,
  passSingleton,
  postponeJob,
  type SingletonPlace,
} from './queries/jobs/singletons.js'
export { sendSignal, type SignalledRow } from './queries/jobs/send-signal.js'
export {
  type RetriedKey,
  type RetriedRow,
  retryChildren,
  retryJob,
  retryJobs,
} from './queries/jobs/retry-job.js'
export {
  countPauses,
  findPauses,
  pauseLane,
  type PausedLane,
  type PauseRow,
  resumeLane,
} from './queries/lanes/pauses.js'
export {
  countJobsOf,
  deleteSettledOf,
  endCascadesOf,
  type Erasure,
  lockUnsettledOf,
} from './queries/erasure/erase-jobs.js'
export {
  deletePlacesOf,
  deleteSchedulesOf,
  erasedId,
  type Forgotten,
  forgetTenant,
  forgetUser,
} from './queries/erasure/erase-traces.js'
export { deleteExpiredJobs, readExpired } from './queries/retention/delete-expired-jobs.js'
export {
  countSecrets,
  findSecret,
  insertSecrets,
  lockSecretsToReseal,
  resealSecrets,
  type SealedSecret,
  type SecretOfJob,
} from './queries/secrets/secrets.js'
export { compactStreams } from './queries/streams/compact-streams.js'
export { findStreamHeads, type StreamHead } from './queries/streams/find-stream-heads.js'
export { readStreams, type StreamPlace, type StreamRow } from './queries/streams/read-streams.js'
export { type ChunksOfJob, type NewChunk, writeChunks } from './queries/streams/write-chunks.js'
export { insertTicket, takeTicket } from './queries/tickets/tickets.js'
export {
  advanceSchedules,
  type DueSchedule,
  findNextTick,
  type FiredSchedule,
  lockDueSchedules,
} from './queries/schedules/due-schedules.js'
export {
  countSchedules,
  deleteSchedule,
  findSchedules,
  putSchedule,
} from './queries/schedules/schedules.js'
export { findClaim, settleClaim } from './queries/work/adopt-claim.js'
export {
  type ClaimAnswer,
  type ClaimedJob,
  claimJobs,
  type ClaimJobs,
  type Handled,
  readClaim,
} from './queries/work/claim-jobs.js'
export { claimLimitedJobs } from './queries/work/claim-limited-jobs.js'
export { failOverdueJobs, findNextOverdue } from './queries/work/fail-overdue-jobs.js'
export { countUnhandled, findUnhandled } from './queries/workers/unhandled.js'
export { findMsUntil } from './queries/work/find-ms-until.js'
export { letJobsOut } from './queries/quarantine/let-jobs-out.js'
export { findWaitingFor } from './queries/jobs/find-waiting-for.js'
export { type DueRow, findDue } from './queries/work/find-due.js'
export { cutOffJobs } from './queries/work/cut-off-jobs.js'
export { findCancelledClaims } from './queries/work/find-cancelled-claims.js'
export {
  findStoredSteps,
  findWaitingSignals,
  type StoredStep,
  type WaitingSignal,
} from './queries/work/find-stored-steps.js'
export {
  type Finish,
  finishJobs,
  type FinishRow,
  type JobFinish,
  type Outcome,
  readFinishes,
} from './queries/work/finish-jobs.js'
export { findReadyQueues } from './queries/work/find-ready-queues.js'
export { limitStatements } from './queries/work/limit-statements.js'
export {
  forgetFullLanes,
  type LaneRow,
  lineUpKeyless,
  lockLanes,
  makeLanes,
} from './queries/work/lock-lanes.js'
export { promoteJobs, type PromotedRow } from './queries/work/promote-jobs.js'
export {
  claimOf,
  findPresent,
  type HeldJob,
  isOlder,
  type JobPulse,
  pulseJobs,
  type PulseRow,
  type StepPulse,
  storeStep,
} from './queries/work/pulse-jobs.js'
export { type ChangedJob, rescueJobs } from './queries/work/rescue-jobs.js'
export {
  mostTurns,
  roundAfter,
  roundLeft,
  type Stretch,
  type TakenTurn,
  type Turn,
} from './queries/work/turns.js'
export { vacuumReadyJobs } from './queries/work/vacuum-ready-jobs.js'
export {
  registerWorker,
  removeDeadWorkers,
  removeWorker,
  renewLease,
} from './queries/workers/leases.js'
export {
  asDatabaseError,
  asTransactionError,
  failureKind,
  isDuplicate,
  type FailureKind,
  sqlState,
} from './sql-state.js'
export { defaultSchema, parseSchema, schemaOfBranch } from './schema-name.js'
export { type Query, sql } from './sql.js'
export { type AnswerRow, throughText } from './through-text.js'
