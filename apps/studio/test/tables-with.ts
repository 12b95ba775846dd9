import type pg from 'pg'

/** The tables of the studio, of its sign-in and of Longhaul that hold a text anywhere. */
export async function tablesWith(pool: pg.Pool, text: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema in ('longhaul', 'studio', 'auth') and table_type = 'BASE TABLE' order by 1`,
  )
  const found: string[] = []
  for (const { name } of rows) {
    const sql = `select from ${name} as anything where position($1 in anything::text) > 0 limit 1`
    if ((await pool.query(sql, [text])).rowCount! > 0) found.push(name)
  }
  return found
}
