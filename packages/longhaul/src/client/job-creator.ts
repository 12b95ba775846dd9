import { type Job, LonghaulError } from '../core/index.js'
import type { HttpRequest } from './http.js'
import type { CreateJobOptions } from './job-options.js'
import type { JobStore } from './job-store.js'
import type { Later } from './later.js'
import { proposedJob } from './proposed-job.js'

export interface JobCreatorOptions {
  readonly store: JobStore
  /** Sends a request that answers with one job. */
  readonly ask: (request: HttpRequest) => Promise<Job>
  /** Ask for what the store should know of a job. */
  readonly look: (id: string) => void
  readonly later: Omit<Later, 'close'>
  /** See {@link Timings}. */
  readonly doubtMs: number
}

export interface NewJob extends CreateJobOptions {
  readonly id: string
  readonly type: string
  readonly input: unknown
}

/** Asks for jobs, and shows them while the server has not answered. */
export interface JobCreator {
  create(job: NewJob): Promise<Job>
  /** Resolves when the server has answered for a job, if it was asked for here. */
  answered(id: string): Promise<void>
}

const attempts = 3
/** A window that has not heard of a job by the last of them never will. */
const looks = 5

export function createJobCreator(options: JobCreatorOptions): JobCreator {
  const { store, ask, look, later, doubtMs } = options
  const creating = new Map<string, Promise<unknown>>()

  async function post({ idempotencyKey, ...body }: NewJob): Promise<Job> {
    const request: HttpRequest = {
      method: 'POST',
      path: '/jobs',
      body,
      headers: idempotencyKey === undefined ? undefined : { 'idempotency-key': idempotencyKey },
    }
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await ask(request)
      } catch (error) {
        if (attempt === attempts || !LonghaulError.is(error, 'database_unavailable')) throw error
        await new Promise((resolve) => {
          setTimeout(resolve, 300 * attempt)
        })
        if (later.isClosed()) throw error
      }
    }
  }

  /**
   * Usually a window has heard of a new job within a moment. One that never has it, because the job
   * was done or deleted before the window was read, would show it for ever as it was at first.
   */
  function doubt(id: string, looked = 0): void {
    later.after(doubtMs * 2 ** looked, () => {
      if (looked === looks || !store.isOnlyProposed(id)) return store.forgetProposal(id)
      look(id)
      doubt(id, looked + 1)
    })
  }

  return {
    async create(asked) {
      const { id } = asked
      store.propose(proposedJob(asked))
      const answer = post(asked)
      creating.set(id, answer)
      try {
        const job = await answer
        // An idempotency key can stand for a job that was there before, under another id.
        store.endProposal(id, job.id === id ? undefined : replacedBy(job.id))
        doubt(id)
        return job
      } catch (error) {
        // What a request throws is one of ours.
        store.endProposal(id, error as LonghaulError)
        throw error
      } finally {
        creating.delete(id)
      }
    },
    async answered(id) {
      await creating.get(id)?.catch(() => undefined)
    },
  }
}

function replacedBy(id: string): LonghaulError {
  return new LonghaulError('job_not_found', `This was asked for before: it is job ${id}.`)
}
