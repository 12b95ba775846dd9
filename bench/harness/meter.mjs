// What a piece of work takes: time, CPU of the system's processes and of its server, WAL, statements.
import Redis from 'ioredis'
import pg from 'pg'
import { cpuSeconds } from './cpu.mjs'

export async function openMeter({ database, redis, serverPid }) {
  const server = redis === undefined ? await openPostgres(database) : openRedis(redis)
  const read = async () => ({
    ...(await server.read()),
    at: performance.now(),
    cpuSeconds: cpuSeconds(process.pid),
    serverCpuSeconds: cpuSeconds(serverPid),
  })
  return {
    count: server.count,
    vacuum: server.vacuum,
    /** `work` resolves with how many jobs it did, or with an object that says so as `n`. */
    async around(work) {
      const from = await read()
      const done = await work()
      const to = await read()
      const { n, ...more } = typeof done === 'number' ? { n: done } : done
      const per = (name) => (to[name] === undefined ? undefined : (to[name] - from[name]) / n)
      const seconds = (to.at - from.at) / 1000
      return {
        n,
        perSecond: n / seconds,
        cpuSeconds: since(from, to, 'cpuSeconds'),
        serverCpuSeconds: since(from, to, 'serverCpuSeconds'),
        walBytesPerJob: per('walBytes'),
        statementsPerJob: per('statements'),
        ...more,
      }
    },
    close: server.close,
  }
}

function since(from, to, name) {
  return to[name] === undefined ? undefined : to[name] - from[name]
}

async function openPostgres(database) {
  const client = new pg.Client(database)
  await client.connect()
  return {
    async read() {
      const { rows } = await client.query(`
        select (pg_current_wal_insert_lsn() - '0/0')::text as wal, (
          select sum(calls)::text from pg_stat_statements join pg_database on pg_database.oid = dbid
          where datname = current_database()) as calls`)
      return { walBytes: Number(rows[0].wal), statements: Number(rows[0].calls ?? 0) }
    },
    async count(query) {
      const { rows } = await client.query(query)
      return Number(rows[0].n)
    },
    vacuum: () => client.query('vacuum analyze'),
    close: () => client.end(),
  }
}

function openRedis(connection) {
  const client = new Redis(connection)
  return {
    async read() {
      const info = await client.info('stats')
      return { statements: Number(/total_commands_processed:(\d+)/.exec(info)[1]) }
    },
    vacuum: async () => undefined,
    close: async () => client.disconnect(),
  }
}
