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

/** What is newer than the caller knows; when nothing is, the answer waits for up to `waitMs`, or until the server stops. */
export async function collectAnswer(
  { request, principal, services: { hub } }: RouteContext,
  watch: WatchRequest,
  waitMs: number,
): Promise<WatchAnswer> {
  const subscription = await hub.watch(principal, watch)
  // Whoever finds no room is answered at once, and never refused.
  const isHeld = waitMs > 0 && hub.connections.hasRoomFor(principal)
  const leave = isHeld ? hub.connections.open(principal) : undefined
  const stopping = new AbortController()
  const unregister = isHeld ? hub.onClose(() => stopping.abort()) : undefined
  try {
    await Promise.race([subscription.ready(), databaseAway()])
    const waitUntil = performance.now() + (isHeld ? waitMs : 0)
    const pageUntil = performance.now() + mostPageMs
    for (;;) {
      const answer = asAnswer(subscription.reader.take(), hub.pollMs)
      const isCatchingUp = subscription.isCatchingUp()
      const until = isCatchingUp ? Math.max(waitUntil, pageUntil) : waitUntil
      // A page that is on its way is worth waiting for also when the server stops.
      const over = isCatchingUp ? [request.signal] : [request.signal, stopping.signal]
      const leftMs = until - performance.now()
      if (!isEmpty(answer) || leftMs <= 0 || over.some(({ aborted }) => aborted))
        return { ...answer, ws: hub.offersWebSocket(), epoch: await hub.epoch() }
      await untilNews(subscription.reader, leftMs, over)
    }
  } finally {
    leave?.()
    unregister?.()
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
