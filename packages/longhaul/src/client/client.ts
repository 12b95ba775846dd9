import {
  defaultStream,
  type InputOf,
  type Job,
  type JobAttempt,
  type JobOf,
  type JobStep,
  type Cancellation,
  type Json,
  type JsonObject,
  LonghaulError,
  type RegisteredJobTypes,
  type Schedule,
  uuidV7,
} from '../core/index.js'
import type { JobCounts, JobFilter } from '../protocol/index.js'
import { type Connection, createConnection } from './connection.js'
import type { ConnectionStatus } from './connection-status.js'
import type { CreateJobOptions } from './create-job-options.js'
import { createJobCreator } from './job-creator.js'
import { createHttp, type HttpOptions, type HttpRequest } from './http.js'
import { createJobStore, type JobSnapshot, type WindowSnapshot } from './job-store.js'
import type { Observable } from './observable.js'
import type { WebSocketConstructor } from './open-socket.js'
import { createTabGroup, type TabGroup } from './tab-group.js'
import { readStream, type StreamPart } from './read-stream.js'
import { createScheduleCalls, type ScheduleOptions } from './schedules.js'
import { createStreamStore, type StreamSnapshot } from './stream-store.js'
import { platformWakeUps, type WakeUps } from './wake-ups.js'

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
  /** @defaultValue those of the browser: online, visible again, back from the page cache */
  readonly wakeUps?: WakeUps
}

export type JobDetails = Job & {
  readonly steps?: readonly JobStep[]
  readonly attempts?: readonly JobAttempt[]
  readonly cancellations?: readonly Cancellation[]
}

/** To how many jobs it was done, and to how many it can still be done, counted up to 10,000. */
export interface ManyDone {
  readonly done: number
  readonly left: number
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
      options?: { readonly include?: readonly ('steps' | 'attempts' | 'cancellations')[] },
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
    retry(id: string): Promise<Job>
    /** Cancel the jobs of a filter, at most a thousand: ask again while something is left. */
    cancelMany(filter: JobFilter, options?: { readonly reason?: string }): Promise<ManyDone>
    /** Retry the failed and cancelled jobs of a filter, as `cancelMany` does. */
    retryMany(filter: JobFilter): Promise<ManyDone>
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

export function createClient(options: ClientOptions): LonghaulClient {
  const http = createHttp(options)
  const store = createJobStore({ onNeeded: (id) => void fetchNeeded(id) })
  const streams = createStreamStore()
  const connection = createConnection({
    http,
    store,
    streams,
    wakeUps: options.wakeUps ?? platformWakeUps(),
    WebSocket: socketOf(options),
    live: options.live ?? true,
    pollMs: options.pollMs,
  })
  const needed = new Set<string>()
  const creator = createJobCreator({ store, ask })
  const observables = new Map<string, Observable<unknown>>()

  /** A request that answers with one job, which the store then knows. */
  async function ask(request: HttpRequest): Promise<JobDetails> {
    const mark = store.mark()
    const response = await http.send(request)
    const { epoch, ...details } = (await response.json()) as JobDetails & { readonly epoch: string }
    const { steps: _, attempts: __, cancellations: ___, ...job } = details
    store.applyAnswer({ jobs: [job], epoch }, mark)
    return details
  }

  async function fetchNeeded(id: string): Promise<void> {
    if (needed.has(id)) return
    needed.add(id)
    try {
      await ask({ method: 'GET', path: pathOf(id) })
    } catch (error) {
      if (LonghaulError.is(error, 'job_not_found')) store.remove(id)
      // Otherwise the next frame, or the next connection, says again that it is needed.
    } finally {
      needed.delete(id)
    }
  }

  async function askMany(action: 'cancel' | 'retry', body: object): Promise<ManyDone> {
    const response = await http.send({ method: 'POST', path: `/jobs/${action}`, body })
    return (await response.json()) as ManyDone
  }

  /** A request about a job waits until the job is there. Whether it is, the server then says. */
  async function askAbout(id: string, request: HttpRequest): Promise<JobDetails> {
    await creator.answered(id)
    return ask(request)
  }

  /** The same observable for the same thing, so that ten components share one watch. */
  function shared<T>(key: string, make: () => Observable<T>): Observable<T> {
    const known = observables.get(key) ?? make()
    observables.set(key, known)
    return known as Observable<T>
  }

  /** A job that the server has not answered for yet is not there to be watched. */
  function watchOnceAsked(job: string, watch: () => () => void): () => void {
    let stop: (() => void) | undefined
    let ended = false
    void creator.answered(job).then(() => {
      if (!ended) stop = watch()
      return undefined
    })
    return () => {
      ended = true
      stop?.()
    }
  }

  function streamOf(job: string, stream = defaultStream): Observable<StreamSnapshot> {
    const key = `stream ${job} ${stream}`
    return shared(key, () =>
      watched(
        // Looked up each time: a stream that nobody watched for a while was forgotten.
        {
          getSnapshot: () => streams.stream(job, stream).getSnapshot(),
          subscribe: (listener) => streams.stream(job, stream).subscribe(listener),
        },
        () => watchOnceAsked(job, () => connection.watch(key, { job, stream })),
      ),
    )
  }

  return {
    jobs: {
      create: (type, input, create_ = {}) =>
        creator.create({ id: newJobId(), ...create_, type, input }) as Promise<never>,
      get: (id, { include } = {}) =>
        ask({ method: 'GET', path: `${pathOf(id)}${asQuery({ include })}` }),
      async list(query = {}) {
        const mark = store.mark()
        const response = await http.send({ method: 'GET', path: `/jobs${asQuery({ ...query })}` })
        const { epoch, ...page } = (await response.json()) as JobPage & { readonly epoch: string }
        store.applyAnswer({ jobs: page.jobs, epoch }, mark)
        return page
      },
      cancel: (id, cancel = {}) =>
        askAbout(id, { method: 'POST', path: `${pathOf(id)}/cancel`, body: cancel }),
      async retry(id) {
        const job = await askAbout(id, { method: 'POST', path: `${pathOf(id)}/retry`, body: {} })
        streams.reopen(id)
        return job
      },
      cancelMany: (filter, cancel = {}) => askMany('cancel', { ...cancel, filter }),
      retryMany: (filter) => askMany('retry', { filter }),
      async signal(id, name, payload = null, { idempotencyKey } = {}) {
        await creator.answered(id)
        await http.send({
          method: 'POST',
          path: `${pathOf(id)}/signals/${encodeURIComponent(name)}`,
          body: payload,
          headers: idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey },
        })
      },
      async delete(id) {
        await http.send({ method: 'DELETE', path: pathOf(id) })
        store.remove(id)
      },
      async durations(types) {
        const path = `/jobs/durations${asQuery({ type: types })}`
        const response = await http.send({ method: 'GET', path })
        return ((await response.json()) as { readonly durations: readonly JobDuration[] }).durations
      },
    },
    schedules: createScheduleCalls(http),
    job: (id) =>
      shared(`job ${id}`, () =>
        watched(store.job(id), () => connection.watch(`job ${id}`, { job: id })),
      ),
    window(filter, limit = 20) {
      const key = JSON.stringify([
        filter.status,
        filter.type,
        filter.queue,
        filter.tags,
        filter.scope,
        limit,
      ])
      return shared(`window ${key}`, () => {
        const name = `w${observables.size}`
        return watched(store.window(name, filter), () =>
          connection.watch(`window ${name}`, { key: name, jobs: filter, limit }),
        )
      })
    },
    stream: streamOf,
    readStream: (id, { name, signal } = {}) => readStream(streamOf(id, name), signal),
    connection: {
      subscribe: connection.status.subscribe,
      getSnapshot: connection.status.getSnapshot,
      retryNow: connection.retryNow,
      preferPolling: connection.preferPolling,
    },
    tabs: createTabGroup(`longhaul ${options.url}`),
    newJobId,
    close: () => connection.close(),
  }
}

function socketOf({ webSocket }: ClientOptions): WebSocketConstructor | undefined {
  if (webSocket === false) return undefined
  return webSocket ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket
}

/** An observable that is watched on the server while, and only while, somebody subscribes. */
function watched<T>(source: Observable<T>, watch: () => () => void): Observable<T> {
  return {
    getSnapshot: source.getSnapshot,
    subscribe(listener) {
      const unsubscribe = source.subscribe(listener)
      const unwatch = watch()
      return () => {
        unsubscribe()
        unwatch()
      }
    },
  }
}

function pathOf(id: string): string {
  return `/jobs/${encodeURIComponent(id)}`
}

function asQuery(query: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

function newJobId(): string {
  const random = new Uint8Array(10)
  // React Native has no `crypto` unless the app adds it. An id must be new, not secret.
  if (globalThis.crypto === undefined) random.forEach((_, n) => (random[n] = Math.random() * 256))
  else globalThis.crypto.getRandomValues(random)
  return uuidV7(Date.now(), random)
}
