import pg from 'pg'

/** Connections for the sign-in, whose tables have a schema of their own. */
export function openPool(connection: string | pg.PoolConfig): pg.Pool {
  const config = typeof connection === 'string' ? { connectionString: connection } : connection
  const pool = new pg.Pool({
    ...config,
    options: '-c search_path=auth',
    application_name: 'longhaul-studio',
    max: 6,
  })
  // An idle connection that the server closes is replaced with the next query.
  pool.on('error', () => undefined)
  return pool
}
