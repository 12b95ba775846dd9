/**
 * Hints between the processes of one database: "look here, something changed". They travel by
 * NOTIFY and are only ever hints: whoever misses one finds the change at its next look.
 *
 * A NOTIFY is a statement of its own, after the commit that it speaks of: inside a writing
 * transaction it would make commits wait for one another (docs/adr/0004). Sending is leading-edge:
 * the first at once, then at most one round in 20 ms.
 *
 * Listening holds one connection. Every 10 s it sends itself a hint; when that does not come back
 * the connection is made anew, and everybody is told to look, because hints may have been lost.
 */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Logger } from '../core/index.js'
import type { Database } from './database.js'
import { createOutbox, type Hint, hintChannel, parseMessage, readHint } from './hint-message.js'
import { sql } from './sql.js'

export type HintsStatus = 'connecting' | 'listening' | 'closed'

export interface Hints {
  /** Tell this process at once and the others soon. Never fails: an undelivered hint is only late. */
  send(hint: Hint): void
  /** @returns a function that ends it */
  subscribe(listener: (hint: Hint) => void): () => void
  status(): HintsStatus
  close(): Promise<void>
}

export interface HintsOptions {
  readonly db: Database
  readonly connection: string | pg.ClientConfig
  readonly logger: Logger
  /** @defaultValue 20 */
  readonly intervalMs?: number
  /** @defaultValue 10_000 */
  readonly probeMs?: number
}

const answerTimeoutMs = 5000
const maxReconnectMs = 5000

export function createHints(options: HintsOptions): Hints {
  const { db, connection, logger, intervalMs = 20, probeMs = 10_000 } = options
  const origin = randomUUID().slice(0, 8)
  const listeners = new Set<(hint: Hint) => void>()
  const outbox = createOutbox()
  let sending: Promise<void> | undefined
  let status: HintsStatus = 'connecting'
  let client: pg.Client | undefined
  let reconnectTimer: NodeJS.Timeout | undefined
  let probeTimer: NodeJS.Timeout | undefined
  let failures = 0

  function deliver(hint: Hint): void {
    for (const listener of listeners) listener(hint)
  }

  function send(hint: Hint): void {
    deliver(hint)
    outbox.add(hint)
    sending ??= sendPending().finally(() => {
      sending = undefined
    })
  }

  async function sendPending(): Promise<void> {
    while (!outbox.isEmpty()) {
      const payloads = outbox.take(origin)
      const pause = new Promise((resolve) => setTimeout(resolve, intervalMs))
      try {
        await db.run(
          sql`select pg_notify(${hintChannel}, payload) from unnest(${payloads}::text[]) as payload`,
        )
      } catch (error) {
        logger.debug(
          { error },
          'a hint was not sent; its readers will find the change at their next look',
        )
      }
      await pause
    }
  }

  async function listen(): Promise<void> {
    const config = typeof connection === 'string' ? { connectionString: connection } : connection
    const next = new pg.Client({
      ...config,
      application_name: 'longhaul-hints',
      query_timeout: answerTimeoutMs,
      connectionTimeoutMillis: answerTimeoutMs,
      keepAlive: true,
    })
    next.on('error', () => undefined) // 'end' follows, and says the same
    next.on('end', () => lost(next))
    next.on('notification', ({ payload }) => receive(payload ?? ''))
    client = next
    try {
      await next.connect()
      await next.query(`listen ${hintChannel}`)
      await probe(next)
    } catch (error) {
      logger.debug({ error }, 'listening for hints failed')
      lost(next)
    }
  }

  let echo = 0
  let echoed = 0

  /** A hint to ourselves comes back before the statement is answered, or not at all. */
  async function probe(on: pg.Client): Promise<void> {
    clearTimeout(probeTimer)
    echo += 1
    await on.query(`select pg_notify('${hintChannel}', $1)`, [
      JSON.stringify({ o: origin, e: echo }),
    ])
    if (echoed !== echo) throw new Error('our own hint did not come back')
    if (client !== on || status === 'closed') return
    failures = 0
    if (status !== 'listening') deliver({ everything: true })
    status = 'listening'
    probeTimer = setTimeout(() => {
      probe(on).catch(() => lost(on))
    }, probeMs)
    probeTimer.unref()
  }

  function receive(payload: string): void {
    const message = parseMessage(payload)
    if (message?.e !== undefined) {
      if (message.o === origin) echoed = message.e
    } else if (message?.o !== origin) deliver(readHint(message))
  }

  function lost(which: pg.Client): void {
    if (client !== which) return
    client = undefined
    clearTimeout(probeTimer)
    void which.end().catch(() => undefined) // it may be half open; a new connection takes its place
    if (status === 'closed') return
    if (status === 'listening')
      logger.warn({}, 'lost the connection that listens for hints; polling until it is back')
    status = 'connecting'
    failures += 1
    reconnectTimer = setTimeout(() => void listen(), Math.min(maxReconnectMs, 50 * 2 ** failures))
    reconnectTimer.unref()
  }

  void listen()
  return {
    send,
    status: () => status,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async close() {
      status = 'closed'
      clearTimeout(reconnectTimer)
      clearTimeout(probeTimer)
      await sending
      await client?.end().catch(() => undefined)
    },
  }
}
