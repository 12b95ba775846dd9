export { attachWebSocket } from './attach-web-socket.js'
export { createLonghaul, type Longhaul, type Started } from './create-longhaul.js'
export type { BatchItemOf, ItemOf, TypedJobs, TypedSchedules } from './typed-calls.js'
export type { LonghaulOptions, WorkOptions } from './options.js'
export type { SecretKeyOption } from './secret-keys.js'
export {
  createRequestService,
  type ReportDetails,
  type RequestService,
  type RequestServiceOptions,
  type RequestState,
} from './request-service.js'
export { toNodeListener } from './to-node-listener.js'
export { schemaOfBranch } from '../postgres/index.js'
export { consoleLogger } from './console-logger.js'
export type {
  BulkAnswer,
  BulkRequest,
  RetryManyAnswer,
  SkippedJob,
  CallersClient,
  EnqueueOptions,
  Erase,
  Erased,
  EraseOptions,
  Erasure,
  Jobs,
  QueuePart,
  Queues,
  ScheduleOptions,
  Schedules,
  Secrets,
  SecretStore,
  Worker,
} from '../engine/index.js'
export type { Authenticate, Health, Socket, Upgrade } from '../http/index.js'
export { LonghaulError, type Logger, type Principal } from '../core/index.js'
