import { isDeepStrictEqual } from 'node:util'
import { canSee, isSettled, type Job } from '../../src/core/index.js'
import { findJobsByKey, sql } from '../../src/postgres/index.js'
import type { JobFilter } from '../../src/protocol/index.js'
import { ada } from '../database.js'
import type { Looked, Tab } from './tabs.js'
import type { World } from './world.js'

/** What heals itself does so within a second; a busy machine takes longer. Nothing may take for ever. */
const patienceMs = 30_000

/** Resolves when every tab shows what the database says. @throws what differs, when they do not become so */
export async function agree(world: World): Promise<void> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const different = await differences(world)
    if (different.length === 0) break
    if (performance.now() > deadline) throw new Error(different.join('\n'))
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  if (world.violations.length > 0) throw new Error(world.violations.join('\n'))
}

async function differences(world: World): Promise<string[]> {
  const checks = world.tabs.flatMap((tab) =>
    [...tab.looks.values()].map((looked) => ({ tab, looked })),
  )
  const found = await Promise.all(
    checks.map(async ({ tab, looked }) => {
      // The database goes on meanwhile: what was shown before it was asked may have been right then.
      const selected = await select(world, looked)
      const shown = show(tab, looked)
      if (isDeepStrictEqual(shown, selected)) return []
      const { state, transport, reason } = tab.client.connection.getSnapshot()
      return [
        `${tab.name} (${state}, ${transport}, ${reason}) at ${JSON.stringify(looked)}
  shows ${brief(shown)}
  but SELECT says ${brief(selected)}`,
      ]
    }),
  )
  return found.flat()
}

function show({ client }: Tab, looked: Looked): unknown {
  if (looked.at === 'window') {
    const { window, jobs } = client.window(looked.filter, looked.limit).getSnapshot()
    return { jobs, counts: window?.counts, hasMore: window?.hasMore }
  }
  if (looked.at === 'stream') {
    const { state, status, chunks } = client.stream(looked.id).getSnapshot()
    if (state === 'gone') return state
    return { state, status, values: chunks.flatMap(({ values }) => values) }
  }
  const { state, job } = client.job(looked.id).getSnapshot()
  return job ?? state
}

async function select(world: World, looked: Looked): Promise<unknown> {
  if (looked.at === 'window') return selectWindow(world, looked.filter, looked.limit)
  const [job] = await selectJobs(world, [looked.id])
  if (looked.at === 'job' || job === undefined) return job ?? 'gone'
  const chunks = await world.engine.db.query(
    `select content from longhaul.stream_chunks
     where job_id = $1 and stream = 'output' and content is not null order by seq`,
    [looked.id],
  )
  const values = chunks.flatMap(({ content }) => content as unknown[])
  return isSettled(job.status)
    ? { state: 'ended', status: job.status, values }
    : { state: 'open', status: undefined, values }
}

async function selectJobs({ engine: { db } }: World, ids: readonly string[]): Promise<Job[]> {
  const rows = await db.run(findJobsByKey(ids.map((id) => ({ tenantId: 'acme', id }))))
  const byId = new Map<string, Job>()
  for (const row of rows) {
    if (row.id === null || !canSee(ada, row)) continue
    const { epoch: _, tenantId: __, ...job } = row
    byId.set(job.id, job)
  }
  return ids.flatMap((id) => byId.get(id) ?? [])
}

async function selectWindow(world: World, filter: JobFilter, limit: number): Promise<unknown> {
  const statuses = filter.status ?? null
  const rows = await world.engine.db.run(sql<{ id: string; status: string; isIn: boolean }>`
    select id, status, (${statuses}::text[] is null or status = any(${statuses}::text[])) as is_in
    from longhaul.jobs
    where tenant_id = 'acme' and owner_id = 'ada'
    order by created_at desc, id desc`)
  const counts: Record<string, number> = {
    queued: 0,
    running: 0,
    waiting: 0,
    completed: 0,
    failed: 0,
    cancelled: 0,
  }
  for (const { status } of rows) counts[status]! += 1
  const members = rows.filter(({ isIn }) => isIn).map(({ id }) => id)
  return {
    jobs: await selectJobs(world, members.slice(0, limit)),
    counts,
    hasMore: members.length > limit,
  }
}

function brief(value: unknown): string {
  const text = JSON.stringify(value, (key, inner: unknown) => {
    if (typeof inner === 'string' && inner.length > 100) return `${inner.slice(0, 20)}…`
    return key === 'input' || key === 'metadata' ? undefined : inner
  })
  return text.slice(0, 1500)
}
