import { expect, onTestFinished } from 'vitest'
import type { JobDefinition, Principal } from '../src/core/index.js'
import { createFetch, type Fetch, type HttpOptions } from '../src/http/index.js'
import { errorsOf } from '../src/http/openapi.js'
import { routes } from '../src/http/routes/index.js'
import { createHub, createTickets, type Hub, type HubOptions } from '../src/live/index.js'
import { runOne, sql } from '../src/postgres/index.js'
import { ada } from './database.js'
import { silent, type TestEngine, testEngine } from './engine.js'

export interface TestApi {
  readonly engine: TestEngine
  readonly hub: Hub
  readonly options: HttpOptions
  /** A request as somebody; `as: null` is nobody. */
  request(path: string, init?: RequestInit & { as?: Principal | null }): Promise<Response>
  post(
    path: string,
    body?: unknown,
    init?: RequestInit & { as?: Principal | null },
  ): Promise<Response>
  readonly fetch: Fetch
}

/** Who is asking, as a header: what stands for the app's sign-in. */
export function asHeader(principal: Principal | null): Record<string, string> {
  return principal === null ? {} : { 'x-principal': JSON.stringify(principal) }
}

export async function testApi(
  definitions: readonly JobDefinition[],
  options: Partial<HttpOptions> = {},
): Promise<TestApi> {
  return apiOf(await testEngine(definitions), options)
}

/** An API node of this engine. */
export function apiOf(
  engine: TestEngine,
  options: Partial<HttpOptions> = {},
  hubOptions: Partial<HubOptions> = {},
): TestApi {
  const { db, jobs, schedules, queues } = engine
  const { hints = engine.hints } = hubOptions
  const hub = createHub({
    db,
    hints,
    jobs,
    logger: silent,
    heartbeatMs: 15_000,
    pollMs: 3000,
    ...hubOptions,
  })
  onTestFinished(() => hub.close())
  const httpOptions: HttpOptions = {
    services: {
      jobs,
      schedules,
      queues,
      hub,
      tickets: createTickets(db),
      logger: silent,
      async health() {
        await runOne(db, sql`select 1`)
        return { status: 'ok', database: 'ok', hints: hints.status(), watched: hub.size() }
      },
    },
    basePath: '/api/longhaul',
    version: '0.0.0',
    trustedOrigins: ['https://trusted.example'],
    cronSecret: 'cron-secret',
    authenticate({ headers }) {
      const header = headers.get('x-principal')
      return header === null ? null : (JSON.parse(header) as Principal)
    },
    ...options,
  }
  const plainFetch = createFetch(httpOptions)

  const fetch: Fetch = async (request_, environment) => {
    const response = await plainFetch(request_, environment)
    await checkContract(request_, response)
    return response
  }

  function request(
    path: string,
    { as = ada, headers, ...init }: RequestInit & { as?: Principal | null } = {},
  ): Promise<Response> {
    return fetch(
      new Request(`http://localhost/api/longhaul${path}`, {
        ...init,
        headers: { ...asHeader(as), ...(headers as Record<string, string>) },
      }),
    )
  }

  return {
    engine,
    hub,
    options: httpOptions,
    fetch,
    request,
    post: (path, body, { headers, ...init } = {}) =>
      request(path, {
        method: 'POST',
        body: body === undefined ? undefined : JSON.stringify(body),
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(headers as Record<string, string>),
        },
        ...init,
      }),
  }
}

/** Every answer in every test is one that the route, and so the OpenAPI document, declares. */
async function checkContract(request: Request, response: Response): Promise<void> {
  const path = new URL(request.url).pathname.replace('/api/longhaul', '')
  const route = routes.find(
    (each) =>
      each.method === request.method &&
      new RegExp(`^${each.path.replace(/\{\w+\}/, '[^/]+')}$`).test(path),
  )
  if (route === undefined) return
  const type = response.headers.get('content-type') ?? ''
  const answer = route.answers[response.status]
  if (answer === undefined || type.includes('problem')) {
    const { code } = (await response.clone().json()) as { code: string }
    expect(errorsOf(route), `${request.method} ${path} answered ${response.status}`).toContain(code)
  } else if (answer.schema !== undefined && type.includes('application/json')) {
    answer.schema.parse(await response.clone().json())
  }
}

export interface SseEvent {
  readonly event: string
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the server said: the test looks
  readonly data: any
}

/** The events of a stream as they come. */
export async function* readEvents(response: Response): AsyncGenerator<SseEvent> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(bytes, { stream: true })
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const block = text.slice(0, end)
      text = text.slice(end + 2)
      const event = /^event: (.*)$/m.exec(block)?.[1]
      const data = /^data: (.*)$/m.exec(block)?.[1]
      if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) }
    }
  }
}

/** The next event that `test` wants. */
export async function nextEvent(
  events: AsyncGenerator<SseEvent>,
  test: (event: SseEvent) => boolean,
): Promise<SseEvent> {
  for (;;) {
    const { done, value } = await events.next()
    if (done === true) throw new Error('the stream has ended')
    if (test(value)) return value
  }
}
