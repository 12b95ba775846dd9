/** Jobs that do things, API nodes, and browsers that look on. */
import { setTimeout as delay } from 'node:timers/promises'
import type { JobContext, Json, Principal } from '../../src/core/index.js'
import { LonghaulError, uuidV7 } from '../../src/core/index.js'
import { transact } from '../../src/engine/transact.js'
import { sql } from '../../src/postgres/index.js'
import { ada, bob } from '../database.js'
import { type TestEngine, testEngine, testJob, untilAborted } from '../engine.js'
import { type Servers, startServers } from './servers.js'
import { type Browser, createBrowser, type Looked, type Tab, type TabKind } from './tabs.js'

/** What a job does, one thing after the other. */
export interface Script {
  readonly acts: readonly ('progress' | 'write' | 'write in a step' | 'pause')[]
  readonly end: 'complete' | 'complete with much' | 'fail' | 'fail once' | 'never'
}

export interface World {
  readonly engine: TestEngine
  readonly servers: Servers
  readonly tabs: readonly Tab[]
  /** What was seen that must never be. */
  readonly violations: string[]
  /** The n-th of the few ids that all jobs of a run share, so that ids are used again. */
  id(n: number): string
  create(n: number, script: Script, owner: Principal): Promise<void>
  open(kind: TabKind): void
  /** What the first tab looks at when a run begins: something of everything. */
  firstLooks(): readonly Looked[]
  /** One of the open tabs. */
  tab(n: number): Tab
  crash(n: number): void
  /** A standby takes over that had not got the latest. */
  failOver(): Promise<void>
  /** The next run finds nothing of this one. */
  clear(): Promise<void>
}

export const idsPerRun = 6
const mostTabs = 4

export async function createWorld(): Promise<World> {
  const engine = await testEngine([
    testJob('scripted', perform, { retry: { attempts: 2, minDelay: 0 }, visibility: 'owner' }),
  ])
  await engine.startWorker({ pollMs: 200, leaseMs: 10_000 })
  const servers = await startServers(engine, 2)
  const violations: string[] = []
  let ids: string[] = []
  let tabs: Tab[] = []
  let browser: Browser
  let hasFailedOver = false

  function begin(): void {
    ids = Array.from({ length: idsPerRun }, (_, n) =>
      uuidV7(
        Date.now(),
        Uint8Array.from({ length: 10 }, () => n + Math.random() * 256),
      ),
    )
    hasFailedOver = false
    browser = createBrowser(servers.next, (what) => {
      // A failover may lose what was shown already.
      if (!hasFailedOver) violations.push(what)
    })
    tabs = []
  }

  begin()
  const world: World = {
    engine,
    servers,
    violations,
    get tabs() {
      return tabs
    },
    id: (n) => ids[n % idsPerRun]!,
    firstLooks: () => [{ at: 'job', id: ids[0]! }, { at: 'stream', id: ids[0]! }, windows[0]!],
    tab: (n) => tabs[n % tabs.length]!,

    async create(n, script, owner) {
      const input = script as unknown as Json
      await allow(
        ['id_taken', 'idempotency_mismatch'],
        engine.jobs.enqueue('scripted', input, { principal: owner, id: world.id(n) }),
      )
    },

    open(kind) {
      if (tabs.length < mostTabs) tabs.push(browser.open(kind))
    },

    crash(n) {
      const [victim] = tabs.splice(n % tabs.length, 1)
      victim?.crash()
      if (tabs.length === 0) world.open('shared')
    },

    async failOver() {
      hasFailedOver = true
      await engine.db.query(`
        begin;
        set local session_replication_role = 'replica';
        update longhaul.jobs set version = greatest(version - 3, 1), stage = 'as it was before';
        truncate longhaul.epochs;
        commit`)
    },

    async clear() {
      for (const tab of tabs) tab.close()
      await servers.startAll()
      for (const n of [0, 1]) servers.takeOneHintOf(n, 1)
      // The worker goes on with what it has, and locks the same rows in another order.
      await transact(engine.db, async (tx) => {
        await tx.run(sql`delete from longhaul.ready_jobs`)
        await tx.run(sql`delete from longhaul.jobs`)
      })
      violations.length = 0
      begin()
    },
  }
  return world
}

export const owners = [ada, ada, ada, bob] as const

export const windows: readonly Looked[] = [
  { at: 'window', filter: {}, limit: 3 },
  { at: 'window', filter: { status: ['queued', 'running'] }, limit: 20 },
  { at: 'window', filter: { status: ['completed', 'failed', 'cancelled'] }, limit: 2 },
  { at: 'window', filter: { scope: 'visible' }, limit: 20 },
]

async function perform({ input, job, progress, stream, step, signal }: JobContext<Json>) {
  const { acts, end } = input as unknown as Script
  for (const [n, act] of acts.entries()) {
    signal.throwIfAborted()
    if (act === 'progress') progress((100 * n) / acts.length, `act ${n}`)
    if (act === 'write') stream.write(`${n} of attempt ${job.attempt}`)
    if (act === 'write in a step') await step(`act ${n}`, () => stream.write(`${n} in its step`))
    if (act === 'pause') await delay(30, undefined, { signal })
  }
  if (end === 'never') await untilAborted(signal)
  if (end === 'fail' || (end === 'fail once' && job.attempt === 1)) throw new Error('as told')
  return end === 'complete with much' ? 'x'.repeat(40_000) : acts.length
}

/** What is refused with one of these codes has simply not happened. */
export async function allow(
  codes: readonly LonghaulError['code'][],
  asked: Promise<unknown>,
): Promise<void> {
  try {
    await asked
  } catch (error) {
    if (!LonghaulError.is(error) || !codes.includes(error.code)) throw error
  }
}
