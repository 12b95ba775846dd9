/**
 * Hints between the processes of one database: "look here, something changed". They travel by
 * NOTIFY and are only ever hints: whoever misses one finds the change at its next look.
 *
 * A NOTIFY is a statement of its own, after the commit that it speaks of: inside a writing
 * transaction it would make commits wait for one another (docs/adr/0004). Sending is leading-edge:
 * the first at once, then as often as costs a tenth of the time, and every 20 ms at least (docs/adr/0024).
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { type Logger, restAfter } from '../core/index.js'
import type { OwnDatabase } from './database.js'
import { createOutbox, type Hint, readHint } from './hint-message.js'
import { type ListenerStatus, startListener } from './listener.js'
import { sql } from './sql.js'

export interface Hints {
  /** Tell this process at once and the others soon. Never fails: an undelivered hint is only late. */
  send(hint: Hint): void
  /** @returns a function that ends it */
  subscribe(listener: (hint: Hint) => void): () => void
  status(): ListenerStatus
  close(): Promise<void>
}

export interface HintsOptions {
  readonly db: OwnDatabase
  readonly connection: string | pg.ClientConfig
  readonly logger: Logger
  /** @defaultValue 20 */
  readonly longestMs?: number
  /** @defaultValue 10_000 */
  readonly probeMs?: number
  /**
   * How long a hint of another connection may take, before it is taken for held back by a pooler.
   *
   * @defaultValue 5000
   */
  readonly echoTimeoutMs?: number
  /** Called when connections to the database have gone silent: nobody closed them, and they do not answer. */
  readonly onSilent?: () => void
}

export function createHints(options: HintsOptions): Hints {
  const { db, logger, longestMs = 20 } = options
  const origin = randomUUID().slice(0, 8)
  const listeners = new Set<(hint: Hint) => void>()
  const outbox = createOutbox()
  let sending: Promise<void> | undefined
  const listening = startListener({
    ...options,
    origin,
    onMessage: (message) => deliver(readHint(message)),
    onDoubt: () => deliver({ everything: true }),
  })

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
      const begunAt = performance.now()
      try {
        await db.run(
          sql`select pg_notify(${db.schema}, payload) from unnest(${payloads}::text[]) as payload`,
        )
      } catch (error) {
        logger.debug(
          { error },
          'a hint was not sent; its readers will find the change at their next look',
        )
      }
      await delay(restAfter(performance.now() - begunAt, { share: 0.1, longestMs }))
    }
  }

  return {
    send,
    status: listening.status,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async close() {
      const closed = listening.close()
      await sending
      await closed
    },
  }
}
