/**
 * The API for pages without a server: the real client asks it through `fetch`. It knows a list of
 * jobs, streams what becomes of them, and refuses to cancel one, so that a partial failure can be seen.
 */
import type { Job, JobFilter } from 'longhaul/client'
import { stepsOf } from './fixed-jobs.js'

interface WatchBody {
  readonly watches: readonly (
    | { readonly job: string }
    | { readonly key: string; readonly jobs: JobFilter; readonly limit?: number }
  )[]
}

const epoch = 'showcase'
const never = 3_600_000

export function inMemoryApi(fixed: readonly Job[], { refusing }: { refusing?: string } = {}) {
  const jobs = new Map(fixed.map((job) => [job.id, job]))
  const tellers = new Set<() => void>()

  function selected({ status, type }: JobFilter): Job[] {
    return [...jobs.values()]
      .filter((job) => status?.includes(job.status) !== false && type?.includes(job.type) !== false)
      .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
  }

  function change(id: string, changes: Partial<Job>): Response {
    const job = jobs.get(id)
    if (job === undefined) return problem(404, 'job_not_found', 'There is no such job.')
    const next = { ...job, ...changes, version: job.version + 1 } as Job
    jobs.set(id, next)
    for (const tell of tellers) tell()
    return Response.json({ ...next, epoch })
  }

  function watch({ watches }: WatchBody, signal: AbortSignal | null | undefined): Response {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const send = (event: string, data: unknown): void =>
          controller.enqueue(
            new TextEncoder().encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
          )
        const tell = (): void => {
          for (const each of watches) {
            if ('job' in each) {
              const job = jobs.get(each.job)
              if (job !== undefined) send('job', job)
              continue
            }
            const all = selected(each.jobs)
            const shown = all.slice(0, each.limit ?? 20)
            for (const job of shown) send('job', job)
            send('window', {
              key: each.key,
              tag: shown.map(({ id, version }) => id + version).join(),
              ids: shown.map(({ id }) => id),
              counts: countsOf(selected({ ...each.jobs, status: undefined })),
              countsCapped: false,
              hasMore: all.length > shown.length,
            })
          }
        }
        send('hello', { epoch, heartbeatMs: never, pollMs: never })
        tell()
        tellers.add(tell)
        signal?.addEventListener('abort', () => {
          tellers.delete(tell)
          controller.error(signal.reason)
        })
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }

  function list(parameters: URLSearchParams): Response {
    const split = (name: string): string[] | undefined => parameters.get(name)?.split(',')
    const all = selected({ status: split('status') as JobFilter['status'], type: split('type') })
    const from = Number(parameters.get('cursor') ?? 0)
    const to = from + Number(parameters.get('limit') ?? 20)
    const nextCursor = to < all.length ? String(to) : null
    return Response.json({ jobs: all.slice(from, to), epoch, nextCursor })
  }

  return (address: string, init?: RequestInit): Promise<Response> => {
    const { pathname, searchParams } = new URL(address, location.href)
    const [, id = '', action] = /\/jobs\/([^/]+)(?:\/(\w+))?$/.exec(pathname) ?? []
    const answer = (): Response => {
      if (pathname.endsWith('/watch')) {
        return watch(JSON.parse(init?.body as string) as WatchBody, init?.signal)
      }
      if (pathname.endsWith('/jobs')) return list(searchParams)
      if (id === 'durations') {
        return Response.json({
          durations: [{ type: 'trip', runs: 20, medianMs: 190_000, p90Ms: 300_000 }],
        })
      }
      if (action === 'cancel' && id === refusing) {
        return problem(409, 'invalid_state', 'It has completed in the meantime.')
      }
      const now = new Date().toISOString()
      if (action === 'cancel') return change(id, { status: 'cancelled', finishedAt: now })
      if (action === 'retry') {
        return change(id, { status: 'queued', finishedAt: null, startedAt: null, error: null })
      }
      const job = jobs.get(id)
      return job === undefined
        ? problem(404, 'job_not_found', 'There is no such job.')
        : Response.json({ ...job, epoch, steps: stepsOf(job), attempts: [], cancellations: [] })
    }
    return Promise.resolve(answer())
  }
}

/** For the connection's states: an API that is not to be had. */
export const unreachable = (): Promise<Response> => Promise.reject(new TypeError('unreachable'))
export const refusing = (): Promise<Response> =>
  Promise.resolve(problem(401, 'unauthenticated', 'Sign in.'))
export const notStreaming = (): Promise<Response> =>
  Promise.resolve(
    Response.json({
      epoch,
      pollMs: never,
      jobs: [],
      changes: [],
      gone: [],
      windows: [],
      chunks: [],
      ends: [],
    }),
  )

function problem(status: number, code: string, detail: string): Response {
  return Response.json(
    { code, detail, status, title: code, type: 'about:blank', retryable: false },
    { status, headers: { 'content-type': 'application/problem+json' } },
  )
}

function countsOf(jobs: readonly Job[]): Record<Job['status'], number> {
  const counts = { queued: 0, running: 0, waiting: 0, completed: 0, failed: 0, cancelled: 0 }
  for (const { status } of jobs) counts[status] += 1
  return counts
}
