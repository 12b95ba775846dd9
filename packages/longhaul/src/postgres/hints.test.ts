import { randomUUID } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/database.js'
import { createOutbox, type Hint, parseMessage, readHint } from './hint-message.js'
import { createHints, type Hints } from './hints.js'

const logger = { debug() {}, info() {}, warn() {}, error() {} }
const id = randomUUID()

/** What others may write to the channel. */
const foreign = [
  'not json',
  'null',
  '5',
  '"x"',
  '[]',
  '{}',
  '{"o":"x","j":null}',
  '{"o":"x","j":{"acme":5}}',
  '{"o":"x","j":{"acme":["no id"]}}',
  '{"o":"x","c":{"acme":[1]}}',
  '{"o":"x","q":1}',
  '{"o":"x","w":[1]}',
]

async function listening(
  db: TestDatabase,
): Promise<{ hints: Hints; heard: Hint[]; until(test: (hint: Hint) => boolean): Promise<Hint> }> {
  const hints = createHints({ db, connection: db.connection, logger, probeMs: 200 })
  const heard: Hint[] = []
  const waiting = new Set<() => void>()
  hints.subscribe((hint) => {
    heard.push(hint)
    for (const wake of waiting) wake()
  })
  onTestFinished(() => hints.close())
  async function until(test: (hint: Hint) => boolean): Promise<Hint> {
    for (;;) {
      const found = heard.find(test)
      if (found !== undefined) return found
      await new Promise<void>((resolve) => {
        waiting.add(resolve)
      })
    }
  }
  await until((hint) => hint.everything === true) // told to look once it listens
  heard.length = 0
  return { hints, heard, until }
}

describe('hints', () => {
  it('stay in their database: a preview on the same server hears nothing of production', async () => {
    const [production, preview] = [await testDatabase(), await testDatabase()]
    const worker = await listening(production)
    const other = await listening(preview)
    const sender = await listening(production)

    sender.hints.send({ queues: ['noop'] })
    await worker.until(({ queues }) => queues?.includes('noop') === true)
    other.hints.send({ queues: ['own'] })
    await other.until(({ queues }) => queues?.includes('own') === true)
    expect(other.heard.flatMap(({ queues = [] }) => queues)).toEqual(['own'])
  })

  it('reach this process at once and the others soon', async () => {
    const db = await testDatabase()
    const here = await listening(db)
    const there = await listening(db)

    here.hints.send({ queues: ['noop'], jobs: [{ tenantId: 'acme', id }] })

    expect(here.heard).toHaveLength(1)
    const hint = await there.until((each) => each.queues !== undefined)
    expect(hint).toEqual({ queues: ['noop'], jobs: [{ tenantId: 'acme', id }] })
    expect(here.heard).toHaveLength(1) // its own does not come back
  })

  it('travel together when many are sent at once', async () => {
    const db = await testDatabase()
    const here = await listening(db)
    const there = await listening(db)

    const jobs = Array.from({ length: 50 }, () => ({ tenantId: 'acme', id: randomUUID() }))
    for (const job of jobs) here.hints.send({ jobs: [job] })

    const last = jobs.at(-1)!.id
    const hint = await there.until((each) => each.jobs?.some((job) => job.id === last) === true)
    expect(hint.jobs!.length).toBeGreaterThan(40)
  })

  it('F48: go on whatever others write to their channel', async () => {
    const db = await testDatabase()
    const here = await listening(db)
    const there = await listening(db)

    for (const payload of foreign) await db.query('select pg_notify($1, $2)', [db.schema, payload])
    here.hints.send({ queues: ['after'] })

    await there.until((hint) => hint.queues?.includes('after') === true)
  })

  it('F10: tell everybody to look when their connection is ended, and work again', async () => {
    const db = await testDatabase()
    const here = await listening(db)
    const there = await listening(db)

    await db.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'longhaul-hints' and datname = current_database()`,
    )
    await there.until((hint) => hint.everything === true)
    here.hints.send({ queues: ['after'] })

    await there.until((hint) => hint.queues?.includes('after') === true)
    expect(there.hints.status()).toBe('listening')
  })

  it('F14: tell everybody to look when their session listens no more, and work again', async () => {
    const db = await testDatabase()
    // Only the session itself can end its listening: it does when this is set.
    await db.query(`
      create schema trap;
      create table trap.sprung as select false as now;
      create function trap.pg_notify(channel text, payload text) returns void language plpgsql as $$
        begin
          delete from trap.sprung where now;
          if found then execute 'unlisten *'; end if;
          perform pg_catalog.pg_notify(channel, payload);
        end $$`)
    const trapped = { ...db.connection, options: '-c search_path=trap,pg_catalog' }
    const here = await listening(db)
    const there = await listening({ ...db, connection: trapped })

    await db.query('update trap.sprung set now = true')
    await there.until((hint) => hint.everything === true)
    here.hints.send({ queues: ['after'] })

    await there.until((hint) => hint.queues?.includes('after') === true)
  })
})

describe('the outbox', () => {
  it('F16: never makes a payload that Postgres would refuse', () => {
    const outbox = createOutbox()
    const tenantId = '🦆'.repeat(16)
    for (let n = 0; n < 5000; n += 1) {
      outbox.add({
        jobs: [{ tenantId, id: `00000000-0000-7000-8000-${String(n).padStart(12, '0')}` }],
      })
    }
    const payloads = outbox.take('me')
    expect(
      payloads.map((payload) => Buffer.byteLength(payload)).every((bytes) => bytes <= 7900),
    ).toBe(true)
    expect(readHint(parseMessage(payloads[0]!))).toEqual({ everything: true })
    expect(outbox.isEmpty()).toBe(true)
  })

  it('says everything that it was told', () => {
    const outbox = createOutbox()
    outbox.add({ queues: ['a'], workers: ['w'] })
    outbox.add({ queues: ['a', 'b'], jobs: [{ tenantId: '__proto__', id }] })
    const [payload] = outbox.take('me')
    expect(readHint(parseMessage(payload!))).toEqual({
      queues: ['a', 'b'],
      workers: ['w'],
      jobs: [{ tenantId: '__proto__', id }],
    })
  })

  it.each(foreign)('takes a foreign payload for a call to look: %s', (payload) => {
    expect(readHint(parseMessage(payload))).toEqual({ everything: true })
  })
})
