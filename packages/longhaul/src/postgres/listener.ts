/**
 * Listening for hints, on a connection of its own. Every 10 s it sends itself one; when that does not
 * come back the connection is made anew, and everybody is told to look, because hints may have been lost.
 * When nobody closed it and it does not answer, it has gone silent: so have the others of this process.
 *
 * A pooler in transaction mode passes that one, and none of others: it comes before the answer to its
 * own statement. So nothing is listened for on a connection that others share, and where that could
 * not be seen, a first hint is sent on another one.
 */
import pg from 'pg'
import type { Logger } from '../core/index.js'
import { announcedProcess } from './announced-process.js'
import type { OwnDatabase } from './database.js'
import { type HintMessage, parseMessage } from './hint-message.js'
import { sql } from './sql.js'

/** `pooled`: a pooler in between passes no hints, so changes are found by looking. */
export type ListenerStatus = 'connecting' | 'listening' | 'pooled' | 'closed'

export interface Listener {
  status(): ListenerStatus
  close(): Promise<void>
}

export interface ListenerOptions {
  readonly db: OwnDatabase
  readonly connection: string | pg.ClientConfig
  readonly logger: Logger
  readonly origin: string
  /** Not its own, and nothing when it is of somebody else's making. */
  readonly onMessage: (message: HintMessage | undefined) => void
  /** Something may have been missed. */
  readonly onDoubt: () => void
  /** The connection worked, is open, and does not answer any more. */
  readonly onSilent?: (() => void) | undefined
  readonly probeMs?: number
  readonly echoTimeoutMs?: number
}

const answerTimeoutMs = 5000
const maxReconnectMs = 5000
/** A pooler stays, unless somebody changes what the address leads to. */
const pooledRetryMs = 60_000
/** A pooler gives out first what came back last, so one is nearly always enough. */
const sharingRounds = 10
/** How much of the room for notifications is in use. When all is, none can be sent any more. */
const alarmingUsage = 0.25

export function startListener(options: ListenerOptions): Listener {
  const { db, connection, logger, origin, onMessage, onDoubt } = options
  const { probeMs = 10_000, echoTimeoutMs = 5000 } = options
  let status: ListenerStatus = 'connecting'
  let client: pg.Client | undefined
  let reconnectTimer: NodeJS.Timeout | undefined
  let probeTimer: NodeJS.Timeout | undefined
  let failures = 0

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
      const shares = await sharesConnection(next)
      if (!shares) await next.query(`listen ${db.schema}`)
      const hears =
        !shares && ((await probe(next)) === announcedProcess(next) || (await hearsOthers()))
      if (client !== next) return
      if (hears) begin(next)
      else await giveUp(next)
    } catch (error) {
      logger.debug({ error }, 'listening for hints failed')
      lost(next)
    }
  }

  let echo = 0
  let echoed = 0
  let onEcho = (): void => undefined

  function nextEcho(): string {
    echo += 1
    return JSON.stringify({ o: origin, e: echo })
  }

  /** A hint to ourselves comes back before the statement is answered, or not at all. @returns the server's process */
  async function probe(on: pg.Client): Promise<number> {
    const { rows } = await on
      .query<{ process: number; usage: number }>(
        `select pg_notify('${db.schema}', $1), pg_backend_pid() as process, pg_notification_queue_usage() as usage`,
        [nextEcho()],
      )
      .catch((error: unknown) => {
        if (client === on && status === 'listening') options.onSilent?.()
        throw error
      })
    if (echoed !== echo) throw new Error('our own hint did not come back')
    const { process, usage } = rows[0]!
    if (usage > alarmingUsage)
      logger.warn(
        { usage },
        'the room that Postgres has for notifications fills up, and when it is full no hints come: some session ' +
          'listens inside a transaction that does not end. Find it in pg_stat_activity and end it',
      )
    return process
  }

  /** Whether somebody else's statement comes to the server's process that has just served ours. */
  async function sharesConnection(on: pg.Client): Promise<boolean> {
    for (let n = 0; n < sharingRounds; n += 1) {
      const { rows } = await on.query<{ process: number }>('select pg_backend_pid() as process')
      const process = rows[0]!.process
      if (process === announcedProcess(on)) return false
      const [other] = await db.run(sql<{ process: number }>`select pg_backend_pid() as process`)
      if (other!.process === process) return true
    }
    return false
  }

  async function hearsOthers(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    const heard = new Promise<boolean>((resolve) => {
      onEcho = () => resolve(true)
      timer = setTimeout(() => resolve(false), echoTimeoutMs)
      timer.unref()
    })
    await db.run(sql`select pg_notify(${db.schema}, ${nextEcho()})`)
    const hears = await heard
    clearTimeout(timer)
    return hears
  }

  function receive(payload: string): void {
    const message = parseMessage(payload)
    if (message?.o !== origin) return message?.e === undefined ? onMessage(message) : undefined
    if (message.e === undefined) return
    echoed = message.e
    if (echoed === echo) onEcho()
  }

  function begin(on: pg.Client): void {
    failures = 0
    status = 'listening'
    onDoubt()
    probeAgain(on)
  }

  function probeAgain(on: pg.Client): void {
    probeTimer = setTimeout(() => {
      probe(on).then(
        () => (client === on ? probeAgain(on) : undefined),
        () => lost(on),
      )
    }, probeMs)
    probeTimer.unref()
  }

  /** What is listened for stays with the pooler's connection to the server, if that is not undone. */
  async function giveUp(on: pg.Client): Promise<void> {
    await on.query('unlisten *')
    if (client !== on) return
    if (status !== 'pooled') {
      logger.warn(
        {},
        'a pooler is in between through which no hints pass, as in transaction mode: changes are found by looking, every ' +
          'few seconds. Give Longhaul an address that leads to Postgres itself, or to a pooler in session mode',
      )
    }
    status = 'pooled'
    tryAgain(on, pooledRetryMs)
  }

  function lost(which: pg.Client): void {
    if (client !== which) return
    if (status === 'listening') {
      logger.warn({}, 'lost the connection that listens for hints; polling until it is back')
      status = 'connecting'
    }
    failures += 1
    tryAgain(which, Math.min(maxReconnectMs, 50 * 2 ** failures))
  }

  function tryAgain(after: pg.Client, delayMs: number): void {
    client = undefined
    clearTimeout(probeTimer)
    void after.end().catch(() => undefined) // it may be half open; a new connection takes its place
    if (status === 'closed') return
    reconnectTimer = setTimeout(() => void listen(), delayMs)
    reconnectTimer.unref()
  }

  void listen()
  return {
    status: () => status,
    async close() {
      status = 'closed'
      clearTimeout(reconnectTimer)
      clearTimeout(probeTimer)
      await client?.end().catch(() => undefined)
    },
  }
}
