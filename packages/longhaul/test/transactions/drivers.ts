/** What the tests of transactions need of a driver: the same of each. */
import { PrismaPg } from '@prisma/adapter-pg'
import { drizzle as drizzleOnPg } from 'drizzle-orm/node-postgres'
import { type PgDatabase, type PgQueryResultHKT, pgTable, text } from 'drizzle-orm/pg-core'
import { drizzle as drizzleOnPostgresJs } from 'drizzle-orm/postgres-js'
import { CamelCasePlugin, Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import postgres from 'postgres'
import { onTestFinished } from 'vitest'
import type { OpenTransaction, Transactions } from '../../src/core/index.js'
import { fromDrizzle } from '../../src/transactions/from-drizzle.js'
import { fromKysely } from '../../src/transactions/from-kysely.js'
import { fromPg } from '../../src/transactions/from-pg.js'
import { fromPostgresJs } from '../../src/transactions/from-postgres-js.js'
import { fromPrisma } from '../../src/transactions/from-prisma.js'
import { type Prisma, PrismaClient } from './prisma/generated/client.js'

export interface Driver {
  readonly name: string
  connect(connection: pg.ClientConfig): Connected<unknown>
}

export interface Connected<Client> {
  readonly transactions: Transactions<Client>
  /** The driver's own way to open a transaction. */
  transaction<T>(work: (client: Client) => Promise<T>): Promise<T>
  join(client: Client): OpenTransaction
  insert(client: Client, note: string): Promise<unknown>
}

function openPool(connection: pg.ClientConfig): pg.Pool {
  const pool = new pg.Pool({ ...connection, max: 3 })
  pool.on('error', () => undefined)
  // Without it a connection that breaks in use ends the process, and neither Drizzle nor Kysely listens.
  pool.on('connect', (client) => client.on('error', () => undefined))
  onTestFinished(() => pool.end())
  return pool
}

function openPostgresJs({ host, port, database, user, password }: pg.ClientConfig): postgres.Sql {
  const sql = postgres({
    host: host!,
    port: port!,
    database: database!,
    user: user!,
    ...(typeof password === 'string' ? { password } : {}),
    max: 3,
    // What an app may have chosen must change nothing.
    transform: postgres.camel,
  })
  onTestFinished(() => sql.end({ timeout: 1 }))
  return sql
}

export const ofPg: Driver = {
  name: 'pg',
  connect(connection): Connected<pg.PoolClient> {
    const pool = openPool(connection)
    return {
      transactions: fromPg(pool),
      async transaction(work) {
        const client = await pool.connect()
        try {
          await client.query('begin')
          const value = await work(client)
          await client.query('commit')
          return value
        } catch (error) {
          await client.query('rollback')
          throw error
        } finally {
          client.release()
        }
      },
      join: (client) => fromPg(client),
      insert: (client, note) =>
        client.query('insert into public.orders (note) values ($1)', [note]),
    }
  },
}

const ofPostgresJs: Driver = {
  name: 'postgres.js',
  connect(connection): Connected<postgres.TransactionSql> {
    const sql = openPostgresJs(connection)
    return {
      transactions: fromPostgresJs(sql),
      transaction: async (work) =>
        (await sql.begin(async (tx) => ({ value: await work(tx) }))).value,
      join: (tx) => fromPostgresJs(tx),
      insert: (tx, note) => tx`insert into public.orders (note) values (${note})`,
    }
  },
}

const orders = pgTable('orders', { note: text() })

const ofDrizzleOnPg: Driver = {
  name: 'Drizzle on pg',
  connect: (connection) => ofDrizzle(drizzleOnPg(openPool(connection))),
}

const ofDrizzleOnPostgresJs: Driver = {
  name: 'Drizzle on postgres.js',
  connect: (connection) => ofDrizzle(drizzleOnPostgresJs(openPostgresJs(connection))),
}

type DrizzleTx = Parameters<Parameters<PgDatabase<PgQueryResultHKT>['transaction']>[0]>[0]

function ofDrizzle(db: PgDatabase<PgQueryResultHKT>): Connected<DrizzleTx> {
  return {
    transactions: fromDrizzle(db),
    transaction: (work) => db.transaction(work),
    join: (tx) => fromDrizzle(tx),
    insert: async (tx, note) => tx.insert(orders).values({ note }),
  }
}

interface Tables {
  readonly orders: { note: string }
}

const ofKysely: Driver = {
  name: 'Kysely',
  connect(connection): Connected<Transaction<Tables>> {
    const db = new Kysely<Tables>({
      dialect: new PostgresDialect({ pool: openPool(connection) }),
      // It renames what is inside JSON too: nothing of that may reach a job.
      plugins: [new CamelCasePlugin()],
    })
    return {
      transactions: fromKysely(db),
      transaction: (work) => db.transaction().execute(work),
      join: (trx) => fromKysely(trx),
      insert: (trx, note) => trx.insertInto('orders').values({ note }).execute(),
    }
  },
}

export function openPrisma(connection: pg.ClientConfig): PrismaClient {
  const prisma = new PrismaClient({ adapter: new PrismaPg({ ...connection, max: 3 }) })
  onTestFinished(() => prisma.$disconnect())
  return prisma
}

const ofPrisma: Driver = {
  name: 'Prisma',
  connect(connection): Connected<Prisma.TransactionClient> {
    const prisma = openPrisma(connection)
    return {
      transactions: fromPrisma(prisma),
      transaction: (work) => prisma.$transaction(work),
      join: (tx) => fromPrisma(tx),
      insert: (tx, note) => tx.order.create({ data: { note } }),
    }
  },
}

export const drivers: readonly Driver[] = [
  ofPg,
  ofPostgresJs,
  ofDrizzleOnPg,
  ofDrizzleOnPostgresJs,
  ofKysely,
  ofPrisma,
]
