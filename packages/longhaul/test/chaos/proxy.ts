/**
 * A TCP proxy between the app and its Postgres, which can be told to be a bad network: slow, cut,
 * silent, or one that takes a question and loses its answer. It can also be told to lead to another
 * server, as the address of a cluster does after a failover.
 */
import { createConnection, createServer, type NetConnectOpts, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { onTestFinished } from 'vitest'

/** Of what a client asks: passed on; the connection ends before Postgres hears it, or before its answer comes. */
export type Fate = 'passes' | 'is cut off' | 'is not answered'

export interface Proxy {
  readonly port: number
  /** Where new connections lead. */
  leadTo(target: NetConnectOpts): void
  /** Close what is open, and refuse what comes until `restore`. */
  cut(): void
  restore(): void
  /** What is open stays open, and nothing passes on it any more: the other machine lost its power. */
  silence(): void
  /** Each piece of data is this late, both ways. */
  slowDown(latencyMs: number): void
  /** What becomes of each question from now on. */
  decide(fateOf: (question: string) => Fate): void
  /** How many questions did not pass. */
  lost(): number
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
  silent: boolean
  losing: boolean
}

/** A proxy before a server, and how to connect through it. */
export async function proxyTo(
  server: pg.ClientConfig,
): Promise<{ readonly proxy: Proxy; readonly connection: pg.PoolConfig }> {
  const { host = '127.0.0.1', port = 5432 } = server
  const proxy = await startProxy(
    host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port },
  )
  return { proxy, connection: { ...server, host: '127.0.0.1', port: proxy.port } }
}

export async function startProxy(first: NetConnectOpts): Promise<Proxy> {
  let target = first
  let refusing = false
  let latencyMs = 0
  let fateOf = (_question: string): Fate => 'passes'
  let lost = 0
  const pairs = new Set<Pair>()

  function close(pair: Pair): void {
    pairs.delete(pair)
    pair.client.destroy()
    pair.server.destroy()
  }

  async function pass(pair: Pair, data: Buffer, to: 'client' | 'server'): Promise<void> {
    if (latencyMs > 0) await delay(latencyMs)
    if (pair.silent) return
    if (pair.losing) {
      if (to === 'client') close(pair)
      return
    }
    const fate = to === 'server' ? fateOf(data.toString('latin1')) : 'passes'
    if (fate !== 'passes') lost += 1
    if (fate === 'is cut off') return close(pair)
    pair.losing = fate === 'is not answered'
    pair[to].write(data)
  }

  const listener = createServer((client) => {
    if (refusing) {
      client.destroy()
      return
    }
    const pair: Pair = { client, server: createConnection(target), silent: false, losing: false }
    pairs.add(pair)
    for (const from of ['client', 'server'] as const) {
      pair[from].setNoDelay(true)
      pair[from].on(
        'data',
        (data) => void pass(pair, data, from === 'client' ? 'server' : 'client'),
      )
      pair[from].on('error', () => undefined) // 'close' follows
      pair[from].on('close', () => {
        // The client of a silent connection may give it up; it is not told that the server has gone.
        if (from === 'client' || !pair.silent) close(pair)
      })
    }
  })
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    for (const pair of pairs) close(pair)
    listener.close()
  })

  return {
    port: (listener.address() as AddressInfo).port,
    leadTo: (next) => (target = next),
    cut() {
      refusing = true
      for (const pair of pairs) close(pair)
    },
    restore: () => (refusing = false),
    silence() {
      for (const pair of pairs) pair.silent = true
    },
    slowDown: (ms) => (latencyMs = ms),
    decide: (decision) => (fateOf = decision),
    lost: () => lost,
  }
}
