/**
 * A primary, two standbys of which one has each commit before it is acknowledged, and an address
 * that leads to whoever is the primary. A failover here is what docs/guide/failover.md says.
 */
import type { PoolConfig } from 'pg'
import { setTimeout as delay } from 'node:timers/promises'
import { type Proxy, startProxy } from './proxy.js'
import { type Server, startServer } from './server.js'

export interface Cluster {
  /** The address. */
  readonly connection: PoolConfig
  readonly proxy: Proxy
  /** The primary dies, and the standby that has most takes its place. @returns how long that took */
  failOver(): Promise<number>
  /** A standby in the place of the server that died. */
  replaceDead(): Promise<void>
}

export async function startCluster(): Promise<Cluster> {
  let primary = await startServer([
    `synchronous_standby_names = 'ANY 1 (*)'`,
    'wal_keep_size = 512MB',
  ])
  let standbys = [await primary.cloneStandby(), await primary.cloneStandby()]
  const proxy = await startProxy({ path: primary.socketPath })
  await untilFollowed(primary, standbys.length)

  return {
    connection: { host: '127.0.0.1', port: proxy.port, user: 'postgres', database: 'postgres' },
    proxy,
    async failOver() {
      const begun = performance.now()
      await primary.kill()
      const [next, ...others] = await byReceived(standbys)
      await next!.promote()
      proxy.leadTo({ path: next!.socketPath })
      for (const other of others) await other.follow(next!)
      primary = next!
      standbys = others
      return performance.now() - begun
    },
    async replaceDead() {
      standbys.push(await primary.cloneStandby())
      await untilFollowed(primary, standbys.length)
    },
  }
}

/** The one that has received most first: it has every commit that was acknowledged. */
async function byReceived(standbys: readonly Server[]): Promise<Server[]> {
  const positions = await Promise.all(
    standbys.map(async (server) => {
      const [row] = await server.query(
        `select (pg_last_wal_receive_lsn() - '0/0')::text as received`,
      )
      return { server, received: BigInt(String(row!['received'])) }
    }),
  )
  positions.sort((a, b) => (a.received < b.received ? 1 : -1))
  return positions.map(({ server }) => server)
}

async function untilFollowed(primary: Server, count: number): Promise<void> {
  for (;;) {
    const [row] = await primary.query(
      `select count(*)::int as following from pg_stat_replication where state = 'streaming'`,
    )
    if (Number(row!['following']) >= count) return
    await delay(50)
  }
}
