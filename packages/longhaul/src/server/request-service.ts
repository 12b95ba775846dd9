import {
  type Job,
  type JobError,
  type JobStatus,
  type JsonObject,
  type Principal,
  reportSignal,
  type RequestReport,
} from '../core/index.js'
import type { TypedJobs } from './typed-calls.js'

/** Where a request is, as an outside back end and its callers need it. */
export interface RequestState {
  readonly id: string
  readonly status: JobStatus
  readonly progress: number
  readonly stage: string | null
  readonly result: unknown
  readonly error: JobError | null
  readonly metadata: JsonObject | null
  readonly isCancellationRequested: boolean
}

/** What a report has beside its status. */
export type ReportDetails = Omit<RequestReport, 'status'>

/** Five functions for apps that keep requests and have another back end work on them. */
export interface RequestService {
  /** The request is stored, and its id known, before any back end hears of it. */
  createRequest(
    type: string,
    input: unknown,
    options?: { readonly id?: string; readonly metadata?: JsonObject },
  ): Promise<{ readonly id: string; readonly status: JobStatus }>
  /** @throws {LonghaulError} `job_not_found` */
  getRequestStatus(id: string): Promise<RequestState>
  /**
   * Report on a request of `defineRequest`. What is said first of how it ended counts; `cancelled` says that the
   * back end has given it up.
   *
   * @throws {LonghaulError} `invalid_state` when it has settled, so that nothing changes any more; `job_not_found`
   */
  updateRequestStatus(
    id: string,
    status: RequestReport['status'] | 'cancelled',
    details?: ReportDetails,
  ): Promise<void>
  /** @throws {LonghaulError} `job_not_found`, `invalid_state` when it had completed or failed */
  createCancellationRequest(
    id: string,
    options?: { readonly reason?: string; readonly metadata?: JsonObject },
  ): Promise<RequestState>
  /** Whether somebody asked to cancel it: what a back end that is not called back looks at now and then. */
  isCancellationRequested(id: string): Promise<boolean>
}

export interface RequestServiceOptions {
  /** `longhaul.jobs`. */
  readonly jobs: Pick<TypedJobs<never>, 'get' | 'cancel' | 'signal'> & {
    enqueue(
      type: never,
      input: never,
      options: {
        readonly principal: Principal
        readonly id?: string | undefined
        readonly metadata?: JsonObject | undefined
      },
    ): Promise<{ readonly id: string; readonly status: JobStatus }>
  }
  /** In whose name: a user, or a back end that the app lets act in a tenant as its `admin`. */
  readonly principal: Principal
}

/**
 * The service API of requests, in the name of one principal.
 *
 * @example
 * const requests = createRequestService({ jobs: longhaul.jobs, principal: backend })
 * await requests.updateRequestStatus(id, 'completed', { result: { text } })
 */
export function createRequestService({ jobs, principal }: RequestServiceOptions): RequestService {
  const read = async (id: string): Promise<RequestState> => asState(await jobs.get(principal, id))

  return {
    async createRequest(type, input, options) {
      const { id, status } = await jobs.enqueue(type as never, input as never, {
        principal,
        ...options,
      })
      return { id, status }
    },
    getRequestStatus: read,
    async updateRequestStatus(id, status, details = {}) {
      if (status === 'cancelled') {
        await jobs.cancel({ principal, id, reason: 'The back end has given it up.' })
        return
      }
      const payload = { status, ...details } as JsonObject
      await jobs.signal({ principal, id, name: reportSignal, payload })
    },
    async createCancellationRequest(id, options) {
      return asState(await jobs.cancel({ principal, id, ...options }))
    },
    isCancellationRequested: async (id) => (await read(id)).isCancellationRequested,
  }
}

function asState(job: Job): RequestState {
  const { id, status, progress, stage, result, error, metadata, cancelRequestedAt } = job
  const isCancellationRequested = cancelRequestedAt !== null || status === 'cancelled'
  return { id, status, progress, stage, result, error, metadata, isCancellationRequested }
}
