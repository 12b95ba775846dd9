import type { z } from 'zod'
import type { ErrorCode, Logger, Principal } from '../core/index.js'
import type { Jobs, Queues, Schedules } from '../engine/index.js'
import type { Hub, Tickets } from '../live/index.js'

/** Who is asking, or nobody. Reads the app's own session, token or whatever it uses. */
export type Authenticate = (
  request: Request,
) => Principal | null | undefined | Promise<Principal | null | undefined>

/** What the routes work with. */
export interface Services {
  readonly jobs: Jobs
  readonly schedules: Schedules
  readonly queues: Queues
  readonly hub: Hub
  readonly tickets: Tickets
  readonly logger: Logger
  health(): Promise<Health>
}

export interface Health {
  readonly status: 'ok' | 'unavailable'
  readonly database: 'ok' | 'unavailable'
  /** `listening`, or `connecting` while changes are found by looking. */
  readonly hints: string
  /** How many jobs this process runs; absent when it is no worker. */
  readonly running?: number
  readonly watched: number
  /** How many queues, and tenants' parts of queues, are paused. */
  readonly paused?: number
  /** How many ready jobs no worker will take: none has their type and version. */
  readonly unhandled?: number
}

/** What a route's handler gets: everything is parsed and the caller is known. */
export interface RouteContext<Query = unknown, Body = unknown> {
  readonly request: Request
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: Body
  readonly principal: Principal
  readonly services: Services
  /** Ask again who the caller is, for answers that outlive the question. */
  readonly authenticate: Authenticate
  readonly revalidateMs: number
  /** Of the request, when the frames of a stream are written by whoever called `fetch`. */
  readonly rawHeaders: readonly string[] | undefined
}

/**
 * A route as a value. The router, the checks and the OpenAPI document all read it, so none of them
 * can say anything else than the others.
 */
export interface Route<Query = unknown, Body = unknown> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** As in OpenAPI: `/jobs/{jobId}`. */
  readonly path: string
  readonly operationId: string
  readonly summary: string
  /** @defaultValue 'principal' */
  readonly access?: 'principal' | 'cron' | 'public'
  readonly query?: z.ZodType<Query>
  readonly body?: z.ZodType<Body>
  /** Headers that the route reads, for the document. */
  readonly headers?: Readonly<Record<string, string>>
  /** Successful answers by status. */
  readonly answers: Readonly<Record<number, Answer>>
  /** What it can refuse with, beside what every route can. */
  readonly errors: readonly ErrorCode[]
  handle(context: RouteContext<Query, Body>): Promise<Response>
}

export interface Answer {
  readonly description: string
  readonly schema?: z.ZodType
  /** @defaultValue 'application/json' */
  readonly mediaType?: string
}

/** A route of any query and body: the router parses them by the route's own schemas. */
export type AnyRoute = Route<never, never>

export function defineRoute<Query, Body>(route: Route<Query, Body>): AnyRoute {
  return route as unknown as AnyRoute
}
