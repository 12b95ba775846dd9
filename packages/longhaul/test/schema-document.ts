import type { TestDatabase } from './database.js'

/** The schema of a migrated database as a page of the reference. */
export async function schemaDocument(db: TestDatabase): Promise<string> {
  const tables = await rowsOf(
    db,
    `select c.relname as name, c.relpersistence as persistence, obj_description(c.oid) as comment
     from pg_class as c
     where c.relnamespace = 'longhaul'::regnamespace and c.relkind = 'r' order by 1`,
  )
  const parts = await Promise.all(tables.map((table) => tableSection(db, table)))
  return `# Schema

Schema \`longhaul\`, generated from a migrated database: \`npx vitest run -u\` writes it anew. Why it is so is in the comments of the
migrations and in [claiming](../internals/claiming.md).

${parts.join('\n')}`
}

async function tableSection(db: TestDatabase, table: TextRow): Promise<string> {
  const name = table['name'] ?? ''
  const regclass = `longhaul.${name}`
  const columns = await rowsOf(
    db,
    `select attname as name, format_type(atttypid, atttypmod) as type, case when attnotnull then 'yes' else '' end as required,
            pg_get_expr(adbin, adrelid) as value
     from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
     where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [regclass],
  )
  const constraints = await rowsOf(
    db,
    `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
     where conrelid = $1::regclass and contype <> 'n' order by contype desc, conname`,
    [regclass],
  )
  const indexes = await rowsOf(
    db,
    `select indexdef as definition from pg_indexes
     where schemaname = 'longhaul' and tablename = $1 and indexname not in (
       select conname from pg_constraint where conrelid = $2::regclass) order by indexname`,
    [name, regclass],
  )
  const policies = await rowsOf(
    db,
    `select policyname as name, array_to_string(roles, ', ') as roles, cmd from pg_policies
     where schemaname = 'longhaul' and tablename = $1 order by 1`,
    [name],
  )
  const rows = columns.map(
    (column) =>
      `| \`${column['name']}\` | ${column['type']} | ${column['required']} | ${
        column['value'] === null ? '' : `\`${column['value']}\``
      } |`,
  )
  const list = (title: string, lines: string[]): string =>
    lines.length === 0 ? '' : `\n${title}\n\n${lines.map((line) => `- ${line}`).join('\n')}\n`
  return `## ${name}
${table['persistence'] === 'u' ? '\nUnlogged.\n' : ''}${table['comment'] === null ? '' : `\n${table['comment']}\n`}
| column | type | required | default |
|---|---|---|---|
${rows.join('\n')}
${list(
  'Constraints:',
  constraints.map((each) => `\`${each['name']}\`: \`${oneLine(each['definition'])}\``),
)}${list(
    'Indexes:',
    indexes.map((each) => `\`${oneLine(each['definition'])}\``),
  )}${list(
    'Policies:',
    policies.map(
      (each) => `\`${each['name']}\` for ${each['cmd']?.toLowerCase()}, to ${each['roles']}`,
    ),
  )}`
}

function oneLine(text: string | null | undefined): string {
  return (text ?? '').replaceAll(/\s+/g, ' ')
}

/** Every column that is asked for here is text, or null. */
type TextRow = Record<string, string | null>

async function rowsOf(
  db: TestDatabase,
  text: string,
  values: readonly unknown[] = [],
): Promise<TextRow[]> {
  return (await db.query(text, values)) as TextRow[]
}
