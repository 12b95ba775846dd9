import type { UIMessageChunk } from 'ai'
import { isSettled, type Job, type LonghaulClient, LonghaulError } from '../client/index.js'
import { createChunkContinuation } from './continue-chunks.js'
import { mergeDeltas } from './merge-deltas.js'

export interface AnswerStreamOptions {
  readonly client: LonghaulClient
  readonly id: string
  readonly signal: AbortSignal | undefined
}

/** The answer that a job writes, from its start, as the AI SDK reads it. Lost connections do not show. */
export function answerStream({
  client,
  id,
  signal,
}: AnswerStreamOptions): ReadableStream<UIMessageChunk> {
  const left = new AbortController()
  const leave = (): void => left.abort()
  signal?.addEventListener('abort', leave)
  if (signal?.aborted === true) leave()
  let isCancelled = false
  return new ReadableStream<UIMessageChunk>({
    async start(controller) {
      const continuation = createChunkContinuation()
      // Which job it is, for whoever wants to show its state beside the answer.
      controller.enqueue({ type: 'data-job', data: { jobId: id }, transient: true })
      try {
        for await (const { values, restarted } of client.readStream(id, { signal: left.signal })) {
          if (restarted) continuation.restart()
          const chunks = continuation.next(mergeDeltas(values as unknown as UIMessageChunk[]))
          for (const chunk of chunks) controller.enqueue(chunk)
        }
        if (!left.signal.aborted)
          for (const chunk of ending(await settled(client, id))) controller.enqueue(chunk)
      } catch (error) {
        controller.enqueue({ type: 'error', errorText: textOf(error) })
      } finally {
        signal?.removeEventListener('abort', leave)
        // It may have been cancelled by its reader, who then is not told any more.
        if (!isCancelled) controller.close()
      }
    },
    cancel() {
      isCancelled = true
      leave()
    },
  })
}

/** What the stream does not say by itself: why there is no more. */
function ending(job: Job): UIMessageChunk[] {
  if (job.status === 'failed') return [{ type: 'error', errorText: job.error.message }]
  return job.status === 'cancelled' ? [{ type: 'abort' }] : []
}

/**
 * The stream's end and the job's come by different frames, so this is a moment away at most.
 *
 * @throws {LonghaulError} `job_not_found` when the job was deleted in that moment
 */
function settled(client: LonghaulClient, id: string): Promise<Job> {
  const known = client.job(id)
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const { job, state } = known.getSnapshot()
      if (state !== 'gone' && (job === undefined || !isSettled(job.status))) return
      queueMicrotask(() => unsubscribe())
      if (job === undefined) reject(deleted())
      else resolve(job)
    }
    const unsubscribe = known.subscribe(look)
    look()
  })
}

function deleted(): LonghaulError {
  return new LonghaulError(
    'job_not_found',
    'The job was deleted just as its answer ended, so how it ended is not known.',
  )
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
