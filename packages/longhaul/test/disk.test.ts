import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { makeTemporaryDirectory } from '../src/postgres/index.js'
import { runProgram } from '../src/postgres/embedded/run-program.js'
import { createLonghaul, type Longhaul } from '../src/server/index.js'
import { type Server, startServer } from './chaos/server.js'
import { ada } from './database.js'
import { silent, testJob } from './engine.js'
import { isLong } from './seed.js'

interface Disk {
  readonly server: Server
  fill(): Promise<void>
  free(): Promise<void>
}

/** A file system of its own, which only root may make. */
async function smallDisk(): Promise<Disk> {
  const { path, remove } = await makeTemporaryDirectory('longhaul-disk-')
  await runProgram('mount', ['-t', 'tmpfs', '-o', 'size=160m,mode=0755', 'tmpfs', path])
  onTestFinished(async () => {
    await runProgram('umount', ['-l', path])
    await remove()
  })
  const directory = join(path, 'server')
  await mkdir(directory)
  await chmod(directory, 0o755)
  const server = await startServer(['max_wal_size = 32MB', 'min_wal_size = 32MB'], { directory })
  const ballast = join(path, 'ballast')
  return {
    server,
    fill: () => writeFile(ballast, Buffer.alloc(2 ** 28)).catch(() => undefined), // it is larger
    free: () => rm(ballast),
  }
}

/** What Postgres says of a full disk, said by a trigger. */
async function pretendedDisk(): Promise<Disk> {
  const server = await startServer()
  return {
    server,
    fill: async () => {
      await server.query(`
        create function public.full_disk() returns trigger language plpgsql as
          $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`)
      for (const table of ['jobs', 'steps', 'workers'])
        await server.query(
          `create trigger full_disk before insert or update on longhaul.${table} execute function public.full_disk()`,
        )
    },
    free: async () => void (await server.query('drop function public.full_disk cascade')),
  }
}

it(
  'F23, G-46: refuses what it cannot write while the disk is full, reads on, and works on when there is room',
  { timeout: 120_000 },
  async () => {
    const disk = await (isLong ? smallDisk() : pretendedDisk())
    const { server } = disk
    const app = createLonghaul({
      jobs: [testJob('noop', () => 'done'), testJob('large', () => 'done')],
      database: server.connection,
      authenticate: () => ada,
      logger: silent,
    }) as unknown as Longhaul
    onTestFinished(() => app.stop({ graceMs: 0 }))
    await app.start()
    await app.work({ lease: '4s', types: ['noop'] })
    const acknowledged: string[] = []
    /** @returns the refusal */
    async function enqueue(type: string, input: unknown): Promise<Response> {
      const answer = await app.fetch(
        new Request('http://localhost/api/longhaul/jobs', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ type, input }),
        }),
      )
      const { id } = (await answer.clone().json()) as { id?: string }
      if (answer.status === 201) acknowledged.push(id!)
      return answer
    }
    expect((await enqueue('noop', {})).status).toBe(201)

    await disk.fill()
    // What is there already takes something more, so a full disk does not show at once.
    let refusal = await enqueue('large', 'x'.repeat(100_000))
    while (refusal.status === 201)
      refusal = await enqueue('large', Math.random().toString(36).repeat(9000))
    expect(refusal.status).toBe(503)
    expect(await refusal.json()).toMatchObject({ code: 'database_unavailable', retryable: true })
    if (!isLong) expect((await app.jobs.get(ada, acknowledged[0]!)).id).toBe(acknowledged[0])

    await disk.free()
    await server.ensureStarted()
    let answer = await enqueue('noop', {})
    while (answer.status === 503) answer = await enqueue('noop', {})
    expect(answer.status).toBe(201)
    for (const id of acknowledged) {
      for (;;) {
        const job = await app.jobs.get(ada, id).catch(() => undefined)
        if (job !== undefined && (job.type === 'large' || job.status === 'completed')) break
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  },
)
