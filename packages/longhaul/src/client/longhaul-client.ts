import type {
  Cancellation,
  InputOf,
  Job,
  JobAttempt,
  JobOf,
  JobStep,
  Json,
  JsonObject,
  RegisteredJobTypes,
  Schedule,
  WaitingFor,
} from '../core/index.js'
import type { JobCounts, JobFilter } from '../protocol/index.js'
import type { Connection } from './connection.js'
import type { ConnectionStatus } from './connection-status.js'
import type { CreateJobOptions, RetryJobOptions } from './job-options.js'
import type { HttpOptions } from './http.js'
import type { JobSnapshot, WindowSnapshot } from './job-store.js'
import type { Observable } from './observable.js'
import type { WebSocketConstructor } from './open-socket.js'
import type { StreamPart } from './read-stream.js'
import type { ScheduleOptions } from './schedules.js'
import type { StreamSnapshot } from './stream-store.js'
import type { TabGroup } from './tab-group.js'
import type { WakeUps } from './wake-ups.js'

export interface ClientOptions extends HttpOptions {
  /**
   * False: poll, and never stream.
   *
   * @defaultValue true
   */
  readonly live?: boolean
  /** How often to poll when polling, in milliseconds. Absent: as the server advises. */
  readonly pollMs?: number
  /**
   * False: no WebSockets, whatever the server takes.
   *
   * @defaultValue the platform's own
   */
  readonly webSocket?: WebSocketConstructor | false
  /**
   * Who is signed in, as a text that is another one for everybody else. The tabs of one browser with
   * the same session share one connection. Absent: each tab has its own.
   */
  readonly session?: string | null
  /** @defaultValue those of the browser: online, visible again, back from the page cache */
  readonly wakeUps?: WakeUps
}

export type JobDetails = Job & {
  readonly steps?: readonly JobStep[]
  readonly attempts?: readonly JobAttempt[]
  readonly cancellations?: readonly Cancellation[]
  /** What keeps a queued job from being run, though its time has come; null: only its turn. */
  readonly waitingFor?: WaitingFor | null
}

/** To how many jobs it was done, and to how many it can still be done, counted up to 10,000. */
export interface ManyDone {
  readonly done: number
  readonly left: number
}

export interface ManyRetried extends ManyDone {
  /**
   * Jobs of the filter that were left as they are: each needs these secrets again, from `retry`, or can be retried in
   * a moment, when what it has spawned has stopped (`invalid_state`). The newest hundred.
   */
  readonly skipped: readonly {
    readonly id: string
    readonly code: 'secret_required' | 'invalid_state'
    readonly secrets: readonly string[]
  }[]
}

/** How long the caller's completed jobs of a type took. */
export interface JobDuration {
  readonly type: string
  /** How many jobs the figures are made of: the recent ones. */
  readonly runs: number
  readonly medianMs: number
  readonly p90Ms: number
}

export interface JobPage {
  readonly jobs: readonly Job[]
  /** For the next page; null at the end. */
  readonly nextCursor: string | null
  readonly counts?: JobCounts
  readonly countsCapped?: boolean
}

/** The API for one signed-in user, and what is known of their jobs. All errors are LonghaulErrors with the server's code. */
export interface LonghaulClient {
  readonly jobs: {
    /**
     * Enqueue a job. A lost answer is asked for again with the same id, so one job is made. It is shown
     * wherever it belongs before the server has answered, and taken away again when that refuses.
     */
    create<Type extends Extract<keyof RegisteredJobTypes, string>>(
      type: Type,
      input: InputOf<Type>,
      options?: CreateJobOptions,
    ): Promise<JobOf<Type>>
    get(
      id: string,
      options?: {
        readonly include?: readonly ('steps' | 'attempts' | 'cancellations' | 'waitingFor')[]
      },
    ): Promise<JobDetails>
    list(
      query?: JobFilter & {
        readonly limit?: number
        readonly cursor?: string
        readonly counts?: boolean
      },
    ): Promise<JobPage>
    cancel(
      id: string,
      options?: { readonly reason?: string; readonly metadata?: JsonObject },
    ): Promise<Job>
    retry(id: string, options?: RetryJobOptions): Promise<Job>
    /** Cancel the jobs of a filter, at most a thousand: ask again while something is left. */
    cancelMany(filter: JobFilter, options?: { readonly reason?: string }): Promise<ManyDone>
    /** Retry the failed and cancelled jobs of a filter, as `cancelMany` does; those that had secrets, or whose children still stop, are `skipped`. */
    retryMany(filter: JobFilter): Promise<ManyRetried>
    /** Send a signal, for the handler's `waitForSignal`. One with the key of an earlier one is not stored again. */
    signal(
      id: string,
      name: string,
      payload?: Json,
      options?: { readonly idempotencyKey?: string },
    ): Promise<void>
    delete(id: string): Promise<void>
    /** How long recent jobs of these types took. A type that never completed is left out. */
    durations(types: readonly string[]): Promise<readonly JobDuration[]>
  }
  /** Jobs by the clock: the caller's own schedules. */
  readonly schedules: {
    list(): Promise<readonly Schedule[]>
    get(id: string): Promise<Schedule>
    /** Make a schedule, or replace the one of that name. */
    set<Type extends Extract<keyof RegisteredJobTypes, string>>(
      id: string,
      schedule: ScheduleOptions<Type>,
    ): Promise<Schedule>
    delete(id: string): Promise<void>
  }
  /** One job, live while somebody is subscribed. */
  job(id: string): Observable<JobSnapshot>
  /** The newest jobs of a filter, live while somebody is subscribed. */
  window(filter: JobFilter, limit?: number): Observable<WindowSnapshot>
  /**
   * What a job has written to a stream, live while somebody is subscribed.
   *
   * @param name absent: the stream `output`
   */
  stream(jobId: string, name?: string): Observable<StreamSnapshot>
  /**
   * The same to be read in a loop: what is there, then what comes, until the job has settled.
   *
   * @throws {LonghaulError} `job_not_found`
   * @example
   * for await (const { values } of client.readStream(job.id)) text += values.join('')
   */
  readStream(
    jobId: string,
    options?: { readonly name?: string; readonly signal?: AbortSignal },
  ): AsyncIterable<StreamPart>
  readonly connection: Observable<ConnectionStatus> & Pick<Connection, 'retryNow' | 'preferPolling'>
  /** The tabs that show this app, for what only one of them should do. */
  readonly tabs: TabGroup
  /** An id for a job that is shown before the server has answered. */
  newJobId(): string
  close(): void
}
