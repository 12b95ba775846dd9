/** What the tests of transactions need of a driver: the same of each. */
import pg from 'pg'
import { onTestFinished } from 'vitest'
import type { OpenTransaction, Transactions } from '../../src/core/index.js'
import { fromPg } from '../../src/transactions/from-pg.js'

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

const insertion = 'insert into public.orders (note) values'

export const ofPg: Driver = {
  name: 'pg',
  connect(connection): Connected<pg.PoolClient> {
    const pool = new pg.Pool({ ...connection, max: 3 })
    pool.on('error', () => undefined)
    onTestFinished(() => pool.end())
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
      insert: (client, note) => client.query(`${insertion} ($1)`, [note]),
    }
  },
}

export const drivers: readonly Driver[] = [ofPg]
