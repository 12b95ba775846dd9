import { randomBytes } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { getPath } from 'hono/utils/url'
import { z } from 'zod'
import { type Issue, LonghaulError, type Principal } from '../core/index.js'
import { answerNothing, answerProblem } from './answer.js'
import { type CallerOptions, findCaller } from './caller.js'
import { openApiDocument } from './openapi.js'
import { parseQuery } from './query-parameters.js'
import { readJsonBody } from './read-body.js'
import type { AnyRoute, RouteContext, Services } from './route.js'
import { routes } from './routes/index.js'
import { type FetchEnvironment, writesFrames } from './stream-frames.js'

export interface HttpOptions extends CallerOptions {
  readonly services: Services
  /** Where the API is mounted. A request whose path does not begin with it is taken as it is. */
  readonly basePath: string
  /** Of the package, for the OpenAPI document. */
  readonly version: string
  /**
   * How often the caller of a stream is asked for again.
   *
   * @defaultValue 30_000
   */
  readonly revalidateMs?: number
}

/** Hono, Bun, Deno and others call it so. */
export type Fetch = (request: Request, environment?: FetchEnvironment) => Promise<Response>

/** The API as a fetch handler. It never throws: every refusal is a problem. */
export function createFetch(options: HttpOptions): Fetch {
  const { services, basePath, version } = options
  const app = new Hono<{ Bindings: FetchEnvironment }>({
    getPath: (request) => pathBelow(getPath(request), basePath),
  })
  const document = JSON.stringify(openApiDocument(routes, version))

  app.get(
    '/openapi.json',
    () => new Response(document, { headers: { 'content-type': 'application/json' } }),
  )
  for (const route of routes) {
    app.on(route.method, routerPath(route), (context) => answer(route, context))
  }
  for (const [path, methods] of allowedMethods()) {
    app.all(path, (context) => refuseMethod(context.req.raw, methods))
  }
  app.notFound((context) => answerProblem(notFound(context.req.path), newRequestId()))

  async function answer(
    route: AnyRoute,
    context: Context<{ Bindings: FetchEnvironment }>,
  ): Promise<Response> {
    const request = context.req.raw
    try {
      const parsed = await parse(route, request, () => findCaller(route, request, options))
      const response = await route.handle({
        ...parsed,
        request,
        params: context.req.param(),
        services,
        authenticate: options.authenticate,
        revalidateMs: options.revalidateMs ?? 30_000,
        rawHeaders: context.env[writesFrames],
      } as RouteContext<never, never>)
      return withCors(response, request)
    } catch (error) {
      const requestId = newRequestId()
      if (!LonghaulError.is(error))
        services.logger.error({ error, requestId, path: route.path }, 'a request failed')
      return withCors(answerProblem(error, requestId), request)
    }
  }

  /** Pages of trusted origins may read the answers. There is no wildcard, and nothing is reflected. */
  function withCors(response: Response, request: Request): Response {
    const origin = request.headers.get('origin')
    if (origin === null || !options.trustedOrigins.includes(origin)) return response
    for (const [name, value] of Object.entries(corsHeaders(origin)))
      response.headers.set(name, value)
    response.headers.append('vary', 'Origin')
    return response
  }

  function refuseMethod(request: Request, methods: readonly string[]): Response {
    const allow = methods.join(', ')
    if (request.method === 'OPTIONS') {
      return withCors(answerNothing(204, { allow, 'access-control-allow-methods': allow }), request)
    }
    return withCors(
      answerProblem(methodNotAllowed(request.method, allow), newRequestId(), { allow }),
      request,
    )
  }

  return async (request, environment) => app.fetch(request, ownPart(environment))
}

async function parse(
  route: AnyRoute,
  request: Request,
  findPrincipal: () => Promise<Principal>,
): Promise<Pick<RouteContext, 'query' | 'body' | 'principal'>> {
  const parameters = request.url.includes('?') ? new URL(request.url).searchParams : noParameters
  const principal = await findPrincipal()
  const query = parseQuery((route.query ?? noQuery) as z.ZodType, parameters)
  const body =
    route.body === undefined ? undefined : parseBody(route.body, await readJsonBody(request))
  return { query, body, principal }
}

function parseBody(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues = result.error.issues.map(asIssue)
  const unknown = issues.some(({ code }) => code === 'unrecognized_keys')
  const list = issues
    .map(({ pointer, message }) => `${pointer || 'the body'}: ${message}`)
    .join('; ')
  throw new LonghaulError(
    unknown ? 'unknown_field' : 'invalid_input',
    `The request was refused, and nothing was done: ${list}.`,
    { issues },
  )
}

function asIssue({ path, code, message }: z.core.$ZodIssue): Issue {
  return { pointer: path.map((part) => `/${String(part)}`).join(''), code, message }
}

const noQuery = z.strictObject({})
const noParameters = new URLSearchParams()

function routerPath({ path }: AnyRoute): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}

function allowedMethods(): Map<string, string[]> {
  const methods = new Map<string, string[]>()
  for (const route of routes) {
    const path = routerPath(route)
    methods.set(path, [...(methods.get(path) ?? []), route.method])
  }
  return methods
}

/** Others put much else there, and Next.js the parameters of the route. */
function ownPart(environment: FetchEnvironment | undefined): FetchEnvironment {
  const headers = environment?.[writesFrames]
  return headers === undefined ? {} : { [writesFrames]: headers }
}

/** As if the request had come to the root. */
function pathBelow(path: string, basePath: string): string {
  if (path !== basePath && !path.startsWith(`${basePath}/`)) return path
  return path.slice(basePath.length) || '/'
}

function corsHeaders(origin: string): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-allow-headers':
      'authorization, content-type, idempotency-key, if-none-match, prefer',
    'access-control-expose-headers': 'etag, location, idempotency-replayed, retry-after',
    'access-control-max-age': '600',
  }
}

function newRequestId(): string {
  return `req_${randomBytes(9).toString('base64url')}`
}

function notFound(path: string): LonghaulError {
  return new LonghaulError(
    'route_not_found',
    `There is no route ${path.slice(0, 100)}. GET /openapi.json lists them.`,
  )
}

function methodNotAllowed(method: string, allow: string): LonghaulError {
  return new LonghaulError(
    'method_not_allowed',
    `${method.slice(0, 20)} is not possible here. Use ${allow}.`,
  )
}
