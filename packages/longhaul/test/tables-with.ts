import type { TestDatabase } from './database.js'

/** The tables of the schema in which any column of any row holds a text, by name. */
export async function tablesWith(
  db: Pick<TestDatabase, 'query'>,
  text: string,
  schema = 'longhaul',
): Promise<string[]> {
  const tables = await db.query(
    `select table_name as name from information_schema.tables
     where table_schema = $1 and table_type = 'BASE TABLE' order by table_name`,
    [schema],
  )
  const found: string[] = []
  for (const { name } of tables) {
    const rows = await db.query(
      `select from ${schema}."${String(name)}" as anything where position($1 in anything::text) > 0 limit 1`,
      [text],
    )
    if (rows.length > 0) found.push(String(name))
  }
  return found
}
