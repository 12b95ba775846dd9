import { setTimeout as delay } from 'node:timers/promises'
import { LonghaulError } from '../core/index.js'
import type {
  ChunkFrame,
  EncodedFrame,
  EndFrame,
  FramedJob,
  Frames,
  JobChange,
  WatchAnswer,
  WatchRequest,
  WindowFrame,
} from '../protocol/index.js'
import type { RouteContext } from './route.js'
import { untilNews } from './until-news.js'

/** How long a read may take before the caller is asked to come again. */
const mostPageMs = 5000

/** What is newer than the caller knows; when nothing is, the answer waits for up to `waitMs`. */
export async function collectAnswer(
  { request, principal, services: { hub } }: RouteContext,
  watch: WatchRequest,
  waitMs: number,
): Promise<WatchAnswer> {
  const subscription = await hub.watch(principal, watch)
  // Whoever finds no room is answered at once, and never refused.
  const isHeld = waitMs > 0 && hub.connections.hasRoomFor(principal)
  const leave = isHeld ? hub.connections.open(principal) : undefined
  try {
    await Promise.race([subscription.ready(), databaseAway()])
    const waitUntil = performance.now() + (isHeld ? waitMs : 0)
    const pageUntil = performance.now() + mostPageMs
    for (;;) {
      const answer = asAnswer(subscription.reader.take(), hub.pollMs)
      const until = subscription.isCatchingUp() ? Math.max(waitUntil, pageUntil) : waitUntil
      const leftMs = until - performance.now()
      if (!isEmpty(answer) || leftMs <= 0 || request.signal.aborted)
        return { ...answer, ws: hub.offersWebSocket(), epoch: await hub.epoch() }
      await untilNews(subscription.reader, leftMs, request.signal)
    }
  } finally {
    leave?.()
    subscription.close()
  }
}

/** A window is always news to a caller that does not say what it knows of it. */
function isEmpty({
  jobs,
  changes,
  gone,
  windows,
  chunks,
  ends,
}: Omit<WatchAnswer, 'epoch'>): boolean {
  return [jobs, changes, gone, windows, chunks, ends].every((list) => list.length === 0)
}

async function databaseAway(): Promise<never> {
  await delay(mostPageMs, undefined, { ref: false })
  throw new LonghaulError(
    'database_unavailable',
    'Postgres did not answer, so what is watched could not be read. Ask again soon.',
  )
}

function asAnswer(frames: readonly EncodedFrame[], pollMs: number): Omit<WatchAnswer, 'epoch'> {
  const jobs: FramedJob[] = []
  const changes: JobChange[] = []
  const gone: string[] = []
  const windows: WindowFrame[] = []
  const chunks: ChunkFrame[] = []
  const ends: EndFrame[] = []
  for (const { event, json } of frames) {
    const data: unknown = JSON.parse(json)
    if (event === 'job') jobs.push(data as FramedJob)
    if (event === 'change') changes.push(data as JobChange)
    if (event === 'gone') gone.push((data as Frames['gone']).id)
    if (event === 'window') windows.push(data as WindowFrame)
    if (event === 'chunk') chunks.push(data as ChunkFrame)
    if (event === 'end') ends.push(data as EndFrame)
  }
  return { pollMs, jobs, changes, gone, windows, chunks, ends }
}
