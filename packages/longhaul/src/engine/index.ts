export type { BatchItem } from './batches/as-batch.js'
export type { BulkAnswer, BulkRequest, RetryManyAnswer, SkippedJob } from './bulk.js'
export { checkPrincipal, type EnqueueOptions } from './enqueue/enqueue-options.js'
export { asRequest, type RequestContext } from './enqueue/enqueue-request.js'
export { createErase, type Erase, type Erased, type EraseOptions } from './erase.js'
export type { Erasure } from '../postgres/index.js'
export type { Enqueued } from './enqueue/enqueuer.js'
export {
  type CallersClient,
  type CountedJobs,
  createJobs,
  type EnqueueItem,
  type JobPage,
  type Jobs,
  type JobsOptions,
  type WithEpochOf,
} from './jobs.js'
export { createQueues, type QueuePart, type Queues } from './queues.js'
export { createSchedules, type ScheduleOptions, type Schedules } from './schedules/schedules.js'
export { runCleanup } from './worker/run-cleanup.js'
export type { Secrets } from './secrets/check-secrets.js'
export { createSecretStore, type SecretStore } from './secrets/secret-store.js'
export { createVault, type SecretKey, type Vault } from './secrets/vault.js'
export { type JobServices, runJob, type RunJob } from './worker/run-job.js'
export { RunningJob } from './worker/running-job.js'
export { startSweeps, type Sweeps, type SweepsOptions } from './worker/sweeps.js'
export { startWorker, type Worker, type WorkerOptions } from './worker/worker.js'
