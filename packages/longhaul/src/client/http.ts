import { type ErrorCode, LonghaulError } from '../core/index.js'
import { fromProblem } from '../protocol/index.js'
import { type Ending, followedBy } from './ending.js'
import { defaultTimings, type Timings } from './timings.js'

export interface HttpOptions {
  /** Where the API is mounted: `/api/longhaul`, or a whole URL. */
  readonly url: string
  /**
   * The bearer token, asked for before every request. `refresh` is true when the server refused
   * the last one. Without it the browser's cookies say who is asking.
   */
  readonly getToken?: (options: {
    readonly refresh: boolean
  }) => Promise<string | null> | string | null
  /** @defaultValue the platform's own */
  readonly fetch?: (url: string, init?: RequestInit) => Promise<Response>
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** Requests to the API, as whoever is signed in. */
export interface Http {
  /**
   * The answer's JSON; nothing when it has none.
   *
   * @throws {LonghaulError} the code that the server answered with; `database_unavailable` when
   * there was no answer, so that it is not known what was done
   */
  ask<Answer>(request: HttpRequest): Promise<Answer>
  /**
   * An answer that may go on for as long as it likes once it has begun.
   *
   * @throws {LonghaulError} as `ask`
   */
  send(request: HttpRequest): Promise<Response>
  /** The app's token, if it uses one. */
  token(options: { readonly refresh: boolean }): Promise<string | undefined>
  /** Where the API's WebSockets are. */
  socketUrl(ticket: string): string
}

/** @param answerMs how long an answer may take: a connection can die without anybody being told */
export function createHttp(
  { url, getToken, fetch = globalThis.fetch.bind(globalThis) }: HttpOptions,
  { answerMs }: Pick<Timings, 'answerMs'> = defaultTimings,
): Http {
  const base = url.replace(/\/+$/, '')

  async function attempt(request: HttpRequest, refresh: boolean): Promise<Response> {
    const token = await getToken?.({ refresh })
    return fetch(`${base}${request.path}`, {
      method: request.method,
      credentials: 'include',
      signal: request.signal,
      headers: {
        accept: 'application/json',
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined || token === null ? {} : { authorization: `Bearer ${token}` }),
        ...request.headers,
      },
      body: request.body === undefined ? undefined : JSON.stringify(request.body),
    })
  }

  return {
    token: async (options) => (await getToken?.(options)) ?? undefined,
    socketUrl(ticket) {
      const place = (globalThis as { location?: { readonly href?: string } }).location?.href
      const absolute = new URL(`${base}/ws?ticket=${encodeURIComponent(ticket)}`, place).href
      // React Native's URL is read-only.
      return absolute.replace(/^http/, 'ws')
    },
    async ask(request) {
      const ending = followedBy(request.signal)
      try {
        return await inTime(request, ending, async () => {
          const response = await open({ ...request, signal: ending.controller.signal })
          const text = await response.text()
          return text === '' ? undefined : JSON.parse(text)
        })
      } finally {
        ending.unfollow()
      }
    },
    send(request) {
      const ending = followedBy(request.signal)
      return inTime(request, ending, () => open({ ...request, signal: ending.controller.signal }))
    },
  }

  async function open(request: HttpRequest): Promise<Response> {
    let response = await attempt(request, false)
    // A token can end between two requests: a fresh one is worth one more try.
    if (response.status === 401 && getToken !== undefined) response = await attempt(request, true)
    if (response.ok || response.status === 304) return response
    throw await asError(response)
  }

  async function inTime<T>(
    { signal }: HttpRequest,
    { controller }: Ending,
    work: () => Promise<T>,
  ): Promise<T> {
    const timer = setTimeout(() => controller.abort(), answerMs)
    try {
      // A token that does not come hears of no signal.
      const ended = new Promise<never>((_, reject) => {
        controller.signal.addEventListener('abort', () => reject(controller.signal.reason))
      })
      return await Promise.race([work(), ended])
    } catch (error) {
      if (LonghaulError.is(error) || signal?.aborted === true) throw error
      throw noAnswer(error)
    } finally {
      clearTimeout(timer)
    }
  }
}

async function asError(response: Response): Promise<LonghaulError> {
  const problem: unknown = await response.json().catch(() => undefined)
  return fromProblem(problem) ?? unexpected(response.status)
}

/** An answer that is none of ours: from a proxy, or from another server. */
function unexpected(status: number): LonghaulError {
  const code: ErrorCode =
    status === 401
      ? 'unauthenticated'
      : status === 403
        ? 'forbidden'
        : status === 404
          ? 'route_not_found'
          : 'database_unavailable'
  return new LonghaulError(
    code,
    `The server answered ${status} and not as Longhaul does. Check the client's url, and what stands between.`,
  )
}

function noAnswer(cause: unknown): LonghaulError {
  return new LonghaulError(
    'database_unavailable',
    'The server did not answer, so it is not known whether this was done. Check the connection and try again.',
    { cause },
  )
}
