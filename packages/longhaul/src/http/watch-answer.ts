import { setTimeout as delay } from 'node:timers/promises'
import { type Job, LonghaulError } from '../core/index.js'
import type {
  EncodedFrame,
  Frames,
  JobChange,
  WatchAnswer,
  WatchRequest,
  WindowFrame,
} from '../protocol/index.js'
import type { RouteContext } from './route.js'

/** What is newer than the caller knows; when nothing is, the answer waits for up to `waitMs`. */
export async function collectAnswer(
  { request, principal, services: { hub } }: RouteContext,
  watch: WatchRequest,
  waitMs: number,
): Promise<WatchAnswer> {
  const subscription = await hub.watch(principal, watch)
  try {
    await Promise.race([subscription.ready, databaseAway()])
    let answer = asAnswer(subscription.reader.take(), hub.pollMs)
    const isEmpty = answer.jobs.length + answer.changes.length + answer.gone.length === 0
    // A window is always news to a caller that does not say what it knows of it.
    if (isEmpty && answer.windows.length === 0 && waitMs > 0) {
      await subscription.reader.wait(waitMs, request.signal)
      answer = { ...asAnswer(subscription.reader.take(), hub.pollMs), epoch: await hub.epoch() }
    }
    return answer
  } finally {
    subscription.close()
  }
}

async function databaseAway(): Promise<never> {
  await delay(5000, undefined, { ref: false })
  throw new LonghaulError(
    'database_unavailable',
    'Postgres did not answer, so what is watched could not be read. Ask again soon.',
  )
}

function asAnswer(frames: readonly EncodedFrame[], pollMs: number): WatchAnswer {
  const jobs: Job[] = []
  const changes: JobChange[] = []
  const gone: string[] = []
  const windows: WindowFrame[] = []
  let epoch = ''
  for (const { event, json } of frames) {
    const data: unknown = JSON.parse(json)
    if (event === 'hello') epoch = (data as Frames['hello']).epoch
    if (event === 'job') jobs.push(data as Job)
    if (event === 'change') changes.push(data as JobChange)
    if (event === 'gone') gone.push((data as Frames['gone']).id)
    if (event === 'window') windows.push(data as WindowFrame)
  }
  return { epoch, pollMs, jobs, changes, gone, windows }
}
