import type { Job, JsonObject, Principal, Schedule } from '../core/index.js'
import type {
  BatchItem,
  CallersClient,
  EnqueueOptions,
  Jobs,
  Queues,
  ScheduleOptions,
  Schedules,
  Secrets,
  SecretStore,
} from '../engine/index.js'
import type { Runtime } from './runtime.js'

type OneOf<Types, Options> = {
  readonly [Type in Extract<keyof Types, string>]: Options & {
    readonly type: Type
    readonly input: Types[Type] extends { readonly input: infer Input } ? Input : never
  }
}[Extract<keyof Types, string>]

/** One of many jobs to enqueue. */
export type ItemOf<Types> = OneOf<Types, Omit<EnqueueOptions, 'principal'>>

/** One of the jobs for which a batch waits. */
export type BatchItemOf<Types> = OneOf<Types, Omit<BatchItem, 'type' | 'input'>>

/** The jobs of an app, typed by its definitions. Each call says who asks. */
export interface TypedJobs<Types> extends Omit<
  Jobs,
  'enqueue' | 'enqueueMany' | 'get' | 'cancel' | 'retry' | 'checkSelection'
> {
  /**
   * Ask for a job to be done, and get it at once, queued.
   *
   * With `transaction`, a `pg` client inside a transaction of the app's own or what `fromDrizzle(tx)` and the like
   * make of one, the job exists if and only if that transaction commits: no job without its order, no
   * order without its job.
   *
   * With `items` it is a batch: these jobs are enqueued with it, at most 50,000, and it is `waiting` until
   * all of them have settled; then its handler begins. None of them exists without the others.
   *
   * @throws {LonghaulError} `unknown_job_type`, `invalid_input` and those of JSON, `idempotency_mismatch`,
   * `id_taken`, `database_unavailable` (then it is not known whether the job exists: ask again with the same id or key),
   * `wrong_database` when the transaction is on another
   * @example
   * await longhaul.jobs.enqueue('send_receipt', { orderId }, { principal, transaction: client })
   */
  enqueue<Type extends Extract<keyof Types, string>>(
    type: Type,
    input: Types[Type] extends { readonly input: infer Input } ? Input : never,
    options: EnqueueOptions & {
      readonly items?: readonly BatchItemOf<Types>[]
      readonly transaction?: CallersClient
    },
  ): Promise<Job>
  /**
   * Enqueue many jobs, at most 10,000: all of them or, when one is refused, none.
   *
   * @throws {LonghaulError} as `enqueue`; the pointers of its issues begin with the job's place in the list
   */
  enqueueMany(
    items: readonly ItemOf<Types>[],
    options: { readonly principal: Principal; readonly transaction?: CallersClient },
  ): Promise<readonly Job[]>
  /** @throws {LonghaulError} `job_not_found` */
  get(principal: Principal, id: string): Promise<Job>
  /**
   * @returns the job: `cancelled` when no worker had it, `running` with `cancelRequestedAt` when one has
   * @throws {LonghaulError} `job_not_found`, `invalid_state` when it had completed or failed
   */
  cancel(cancel: {
    principal: Principal
    id: string
    reason?: string
    metadata?: JsonObject
  }): Promise<Job>
  /**
   * Start a failed or cancelled job again. `secrets`: those that it, and what it spawned, had are gone
   * and have to be given again.
   *
   * @throws {LonghaulError} `job_not_found`, `invalid_state` unless it had failed or was cancelled, `secret_required`
   */
  retry(principal: Principal, id: string, options?: { readonly secrets?: Secrets }): Promise<Job>
}

/** Jobs by the clock, typed by the app's definitions. */
export interface TypedSchedules<Types> extends Omit<Schedules, 'set'> {
  /**
   * Make a schedule, or replace the one of that name. Each of its times makes one job, however many
   * processes look, as long as one of them works.
   *
   * @throws {LonghaulError} `unknown_job_type`, `invalid_input`, `too_many_schedules`
   * @example
   * await longhaul.schedules.set(principal, { id: 'digest', type: 'digest', input: {}, cron: '0 8 * * 1-5', timeZone: 'Europe/Lisbon' })
   */
  set<Type extends Extract<keyof Types, string>>(
    principal: Principal,
    schedule: Omit<ScheduleOptions, 'type' | 'input'> & {
      readonly type: Type
      readonly input: Types[Type] extends { readonly input: infer Input } ? Input : never
    },
  ): Promise<Schedule>
}

export function typedJobs<Types>(runtime: () => Promise<Runtime>): TypedJobs<Types> {
  const jobs = async (): Promise<Jobs> => (await runtime()).jobs
  return {
    enqueue: async (type, input, options) =>
      (await (await jobs()).enqueue(type, input, options)).job,
    enqueueMany: async (items, options) =>
      (await (await jobs()).enqueueMany(items, options)).map(({ job }) => job),
    get: async (principal, id) => (await (await jobs()).get(principal, id)).value,
    cancel: async (cancel) => (await (await jobs()).cancel(cancel)).value,
    retry: async (principal, id, options) =>
      (await (await jobs()).retry(principal, id, options)).value,
    cancelMany: async (request) => (await jobs()).cancelMany(request),
    retryMany: async (request) => (await jobs()).retryMany(request),
    signal: async (signal) => (await jobs()).signal(signal),
    delete: async (principal, id) => (await jobs()).delete(principal, id),
    list: async (list) => (await jobs()).list(list),
    count: async (principal, selection) => (await jobs()).count(principal, selection),
    steps: async (principal, id) => (await jobs()).steps(principal, id),
    attempts: async (principal, id) => (await jobs()).attempts(principal, id),
    cancellations: async (principal, id) => (await jobs()).cancellations(principal, id),
    waitingFor: async (principal, id) => (await jobs()).waitingFor(principal, id),
    durations: async (principal, types) => (await jobs()).durations(principal, types),
    deleteExpired: async () => (await jobs()).deleteExpired(),
  }
}

export function typedSchedules<Types>(runtime: () => Promise<Runtime>): TypedSchedules<Types> {
  const schedules = async (): Promise<Schedules> => (await runtime()).schedules
  return {
    set: async (principal, schedule) => (await schedules()).set(principal, schedule),
    get: async (principal, id) => (await schedules()).get(principal, id),
    list: async (principal) => (await schedules()).list(principal),
    delete: async (principal, id) => (await schedules()).delete(principal, id),
    fire: async () => (await schedules()).fire(),
  }
}

export function lateQueues(runtime: () => Promise<Runtime>): Queues {
  const queues = async (): Promise<Queues> => (await runtime()).queues
  return {
    pause: async (principal, part) => (await queues()).pause(principal, part),
    resume: async (principal, part) => (await queues()).resume(principal, part),
    paused: async (principal) => (await queues()).paused(principal),
    unhandled: async (principal) => (await queues()).unhandled(principal),
  }
}

export function lateSecrets(runtime: () => Promise<Runtime>): SecretStore {
  return {
    countByKey: async () => (await runtime()).secrets.countByKey(),
    reseal: async () => (await runtime()).secrets.reseal(),
  }
}
