/** The tabs of one browser, each with a client of its own. */
import { randomUUID } from 'node:crypto'
import type { LonghaulClient, Observable } from '../../src/client/index.js'
import { createClientOn } from '../../src/client/client.js'
import type { Job } from '../../src/core/index.js'
import { formatKnownVersion, type JobFilter } from '../../src/protocol/index.js'
import { testPlatform } from '../client.js'
import { type TestLocks, testLocks } from '../locks.js'
import type { TestServer } from '../server.js'
import { address, createWire, type Wire } from './wire.js'

/** How a tab gets its news. */
export type TabKind = 'shared' | 'alone' | 'polling'

export type Looked =
  | { readonly at: 'job' | 'stream'; readonly id: string }
  | { readonly at: 'window'; readonly filter: JobFilter; readonly limit: number }

export interface Tab {
  readonly name: string
  readonly client: LonghaulClient
  readonly wire: Wire
  readonly looks: ReadonlyMap<string, Looked>
  /** Show it, or if it is shown, show it no more. */
  toggle(looked: Looked): void
  /** The page is visible again, or the network back. */
  wakeUp(): void
  /** The whole tab is gone, without a word to anybody. */
  crash(): void
  close(): void
}

export interface Browser {
  open(kind: TabKind): Tab
}

const timings = {
  headersMs: 1000,
  helloMs: 300,
  answerMs: 2000,
  waitMs: 1000,
  climbMs: 300,
  upgradeAfterMs: 20,
  firstRetryMs: 20,
  longestRetryMs: 200,
  doubtMs: 100,
}

export function createBrowser(
  server: () => TestServer | undefined,
  onViolation: (what: string) => void,
): Browser {
  const locks = testLocks()
  const session = randomUUID()
  let count = 0

  function open(kind: TabKind): Tab {
    count += 1
    const name = `tab ${count}, ${kind}`
    const wire = createWire(server)
    const mortal = mortalTab(locks)
    const listeners = new Set<() => void>()
    const platform = testPlatform({
      WebSocket: wire.WebSocket,
      tabs: kind === 'shared' ? { name: session, ...mortal.parts } : undefined,
      wakeUps: {
        isOnline: () => true,
        subscribe(listener) {
          listeners.add(listener)
          return () => void listeners.delete(listener)
        },
      },
      timings,
    })
    const live = kind !== 'polling'
    const client = createClientOn(platform, {
      url: address,
      fetch: wire.fetch,
      live,
      ...(live ? {} : { pollMs: 50 }),
    })
    const looks = new Map<string, Looked>()
    const stops = new Map<string, () => void>()

    function close(): void {
      for (const stop of stops.values()) stop()
      client.close()
      wire.cut()
    }

    return {
      name,
      client,
      wire,
      looks,
      toggle(looked) {
        const key = JSON.stringify(looked)
        const stop = stops.get(key)
        stop?.()
        stops.delete(key)
        if (looks.delete(key)) return
        looks.set(key, looked)
        stops.set(
          key,
          look(client, looked, (what) => onViolation(`${name}: ${what}`)),
        )
      },
      wakeUp() {
        for (const listener of listeners) listener()
      },
      crash() {
        mortal.die()
        wire.allow('nothing')
        close()
      },
      close,
    }
  }
  return { open }
}

function look(
  client: LonghaulClient,
  looked: Looked,
  onViolation: (what: string) => void,
): () => void {
  if (looked.at === 'stream') return client.stream(looked.id).subscribe(() => undefined)
  if (looked.at === 'window')
    return client.window(looked.filter, looked.limit).subscribe(() => undefined)
  return neverBack(client.job(looked.id), onViolation)
}

/** Watches that what is shown of a job grows no older, while it is the same job. */
function neverBack(
  source: Observable<{ readonly job: Job | undefined }>,
  onViolation: (what: string) => void,
): () => void {
  let before: Job | undefined
  return source.subscribe(() => {
    const { job } = source.getSnapshot()
    if (job !== undefined && before?.createdAt === job.createdAt && job.version < before.version)
      onViolation(`${job.id} went back to ${formatKnownVersion(job)} from ${before.version}`)
    before = job
  })
}

/** Locks and channels as one tab has them: when it dies the browser frees them, and nobody hears from it. */
function mortalTab(locks: TestLocks) {
  const death = new AbortController()

  class MortalChannel extends BroadcastChannel {
    constructor(name: string) {
      super(name)
      death.signal.addEventListener('abort', () => super.close())
    }

    override postMessage(message: unknown): void {
      if (!death.signal.aborted) super.postMessage(message)
    }
  }

  const request = (
    name: string,
    { signal, ...options }: LockOptions,
    callback: (lock: Lock | null) => unknown,
  ): Promise<unknown> =>
    locks.request(
      name,
      {
        ...options,
        ...(signal === undefined ? {} : { signal: AbortSignal.any([signal, death.signal]) }),
      },
      (lock) =>
        Promise.race([
          callback(lock),
          new Promise((release) => death.signal.addEventListener('abort', release)),
        ]),
    )

  return {
    parts: {
      locks: { request: request as LockManager['request'] },
      BroadcastChannel: MortalChannel,
    },
    die: () => death.abort(),
  }
}
