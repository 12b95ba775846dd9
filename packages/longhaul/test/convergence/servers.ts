/** API nodes on one database, each with hints of its own that can get lost. They stop, crash and come back. */
import { onTestFinished } from 'vitest'
import { createHints, type Hint, type Hints } from '../../src/postgres/index.js'
import { silent, type TestEngine } from '../engine.js'
import { apiOf } from '../http.js'
import { serve, type TestServer } from '../server.js'

export interface Servers {
  /** One of those that are up, in turn. */
  next(): TestServer | undefined
  /** `kindly`: it says goodbye first. */
  stop(n: number, how: 'kindly' | 'at once'): Promise<void>
  start(n: number): Promise<void>
  startAll(): Promise<void>
  /** Of each `count` hints one node takes one only; 1: all. */
  takeOneHintOf(n: number, count: number): void
}

interface Node {
  up?: { readonly server: TestServer; stop(how: 'kindly' | 'at once'): Promise<void> } | undefined
  hintsForOne: number
}

/** In more of a hurry than a real one, so that what heals itself does so while the test waits. */
const hurry = { heartbeatMs: 500, pollMs: 100, healMs: 300 }

export async function startServers(engine: TestEngine, count: number): Promise<Servers> {
  const nodes: Node[] = Array.from({ length: count }, () => ({ hintsForOne: 1 }))
  let turn = 0

  async function start(n: number): Promise<void> {
    const node = nodes[n % count]!
    if (node.up !== undefined) return
    const { db } = engine
    const hints = createHints({ db, connection: db.connection, logger: silent })
    const api = apiOf(engine, {}, { ...hurry, hints: lossy(hints, () => node.hintsForOne) })
    const server = await serve(api)
    node.up = {
      server,
      async stop(how) {
        node.up = undefined
        if (how === 'at once') await server.stop()
        api.hub.close()
        await server.stop()
        await hints.close()
      },
    }
  }

  async function startAll(): Promise<void> {
    for (let n = 0; n < count; n += 1) await start(n)
  }

  onTestFinished(async () => {
    for (const { up } of nodes) await up?.stop('at once')
  })
  await startAll()
  return {
    start,
    startAll,
    next() {
      const up = nodes.flatMap((node) => node.up ?? [])
      turn += 1
      return up[turn % up.length]?.server
    },
    stop: async (n, how) => nodes[n % count]!.up?.stop(how),
    takeOneHintOf: (n, hintsForOne) => void (nodes[n % count]!.hintsForOne = hintsForOne),
  }
}

/** Hints of which some never arrive. */
function lossy(hints: Hints, oneOf: () => number): Hints {
  let count = 0
  return {
    ...hints,
    subscribe: (listener) =>
      hints.subscribe((hint: Hint) => {
        count += 1
        if (count % oneOf() === 0) listener(hint)
      }),
  }
}
