import { isSettled, uuidV7 } from '../core/index.js'
import type { AskForJob } from './ask-for-job.js'
import type { Http, HttpRequest } from './http.js'
import type { JobCreator } from './job-creator.js'
import type { JobStore } from './job-store.js'
import type {
  JobDetails,
  JobDuration,
  JobPage,
  LonghaulClient,
  ManyDone,
  ManyRetried,
} from './longhaul-client.js'
import type { StreamStore } from './stream-store.js'

export interface JobCallsOptions {
  readonly http: Http
  readonly store: JobStore
  readonly streams: StreamStore
  readonly ask: AskForJob
  readonly creator: JobCreator
}

/** What can be asked of the API about jobs. */
export function createJobCalls(options: JobCallsOptions): LonghaulClient['jobs'] {
  const { http, store, streams, ask, creator } = options

  const askMany = <Done extends ManyDone>(
    action: 'cancel' | 'retry',
    body: object,
  ): Promise<Done> => http.ask({ method: 'POST', path: `/jobs/${action}`, body })

  /** A request about a job waits until the job is there. Whether it is, the server then says. */
  async function askAbout(id: string, request: HttpRequest): Promise<JobDetails> {
    await creator.answered(id)
    return ask(request)
  }

  /** Which of them was among the many, the server's answer does not say. */
  async function reopenRetried(): Promise<void> {
    const mark = store.mark()
    const jobs = await Promise.allSettled(
      streams.endedJobs().map((id) => ask({ method: 'GET', path: pathOf(id) })),
    )
    for (const asked of jobs)
      if (asked.status === 'fulfilled' && !isSettled(asked.value.status))
        streams.reopen(asked.value, mark)
  }

  return {
    create: (type, input, create = {}) =>
      creator.create({ id: newJobId(), ...create, type, input }) as Promise<never>,
    get: (id, { include } = {}) =>
      ask({ method: 'GET', path: `${pathOf(id)}${asQuery({ include })}` }),
    async list(query = {}) {
      const mark = store.mark()
      const { epoch, ...page } = await http.ask<JobPage & { readonly epoch: string }>({
        method: 'GET',
        path: `/jobs${asQuery({ ...query, input: query.input && JSON.stringify(query.input) })}`,
      })
      store.applyAnswer({ jobs: page.jobs, epoch }, mark)
      return page
    },
    cancel: (id, cancel = {}) =>
      askAbout(id, { method: 'POST', path: `${pathOf(id)}/cancel`, body: cancel }),
    async retry(id, { secrets } = {}) {
      const mark = store.mark()
      const path = `${pathOf(id)}/retry`
      const job = await askAbout(id, { method: 'POST', path, body: { secrets } })
      streams.reopen(job, mark)
      return job
    },
    cancelMany: (filter, cancel = {}) => askMany('cancel', { ...cancel, filter }),
    async retryMany(filter) {
      const done = await askMany<ManyRetried>('retry', { filter })
      await reopenRetried()
      return done
    },
    async signal(id, name, payload = null, { idempotencyKey } = {}) {
      await creator.answered(id)
      await http.ask({
        method: 'POST',
        path: `${pathOf(id)}/signals/${encodeURIComponent(name)}`,
        body: payload,
        headers: idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey },
      })
    },
    async delete(id) {
      await http.ask({ method: 'DELETE', path: pathOf(id) })
      store.remove(id)
    },
    async durations(types) {
      const path = `/jobs/durations${asQuery({ type: types })}`
      const answer = await http.ask<{ durations: readonly JobDuration[] }>({ method: 'GET', path })
      return answer.durations
    },
  }
}

export function newJobId(): string {
  const random = new Uint8Array(10)
  // React Native has no `crypto` unless the app adds it. An id must be new, not secret.
  if (globalThis.crypto === undefined) random.forEach((_, n) => (random[n] = Math.random() * 256))
  else globalThis.crypto.getRandomValues(random)
  return uuidV7(Date.now(), random)
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
