import type pg from 'pg'
import type { OpenTransaction, Transactions } from '../core/index.js'
import { ofPgClient } from '../postgres/index.js'

/**
 * A pool of `pg`, for steps that have a transaction of it.
 *
 * @example
 * const transaction = fromPg(pool)
 * await step('save', { transaction }, (client) => client.query('insert into orders …'))
 */
export function fromPg(pool: pg.Pool): Transactions<pg.PoolClient>
/** A client of `pg` that is inside a transaction, to enqueue in it. */
export function fromPg(client: pg.ClientBase): OpenTransaction
export function fromPg(
  source: pg.Pool | pg.ClientBase,
): Transactions<pg.PoolClient> | OpenTransaction {
  // Not `instanceof`: the app may have a copy of `pg` of its own.
  return 'totalCount' in source ? openedBy(source) : ofPgClient(source)
}

function openedBy(pool: pg.Pool): Transactions<pg.PoolClient> {
  return {
    async open(work) {
      const client = await pool.connect()
      let broken: Error | undefined
      const onError = (error: Error): void => {
        broken = error
      }
      // The pool listens only while a connection is idle; one that breaks in use would end the process.
      client.on('error', onError)
      try {
        await client.query('begin')
        const value = await work(client, ofPgClient(client))
        await client.query('commit')
        return value
      } catch (error) {
        await client.query('rollback').catch(onError)
        throw error
      } finally {
        client.off('error', onError)
        client.release(broken)
      }
    },
  }
}
