import type pg from 'pg'

/** Any number that nothing else takes. */
const lockNumber = 7_305_111

/** Make tables of the studio's own, in one transaction, unless they are there already. */
export async function setUpOnce(
  pool: pg.Pool,
  table: string,
  setUp: (client: pg.PoolClient) => Promise<void>,
): Promise<void> {
  const client = await pool.connect()
  try {
    // Two studios that start at once on one database: the second waits, and then finds all done.
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock($1)', [lockNumber])
    const { rows } = await client.query<{ exists: boolean }>(
      'select to_regclass($1) is not null as exists',
      [table],
    )
    if (rows[0]?.exists !== true) {
      await client.query('create schema if not exists studio')
      await setUp(client)
    }
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}
