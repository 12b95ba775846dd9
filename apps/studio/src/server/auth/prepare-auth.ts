import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { createAuth } from './create-auth.js'
import { demoPassword, demoUsers } from '../../demo/demo-users.js'

/** Which tables and demo users there are. A new version of the sign-in library, or another plugin, needs another name here. */
const tables = 'better-auth 1.7.25: bearer, organization; Ada in two'

/** Any number that nothing else takes. */
const lockNumber = 7_305_110

/**
 * The secret that signs the cookies, from the database, where every process of the studio finds the
 * same. The first start makes it, the tables and the demo users; later ones read one row.
 */
export async function prepareAuth(pool: pg.Pool, port: number): Promise<string> {
  const known = await readState(pool)
  if (known?.tables === tables) return known.secret
  const client = await pool.connect()
  try {
    // Two studios that start at once on one database: the second waits, and then finds all done.
    await client.query('select pg_advisory_lock($1)', [lockNumber])
    try {
      return await setUp(pool, port)
    } finally {
      await client.query('select pg_advisory_unlock($1)', [lockNumber])
    }
  } finally {
    client.release()
  }
}

async function setUp(pool: pg.Pool, port: number): Promise<string> {
  await pool.query(`
    create schema if not exists auth;
    create table if not exists auth.studio (
      only_row boolean primary key default true check (only_row),
      secret text not null,
      tables text not null
    )`)
  await pool.query(
    `insert into auth.studio (secret, tables) values ($1, '') on conflict (only_row) do nothing`,
    [randomBytes(32).toString('base64url')],
  )
  const { secret, tables: found } = (await readState(pool))!
  if (found === tables) return secret
  const auth = createAuth({ pool, secret, port })
  const { getMigrations } = await import('better-auth/db/migration')
  const { runMigrations } = await getMigrations(auth.options)
  await runMigrations()
  for (const user of demoUsers) await addUser(pool, auth, user)
  await pool.query('update auth.studio set tables = $1', [tables])
  return secret
}

async function addUser(
  pool: pg.Pool,
  auth: ReturnType<typeof createAuth>,
  { name, email, organisations }: (typeof demoUsers)[number],
): Promise<void> {
  const { rows } = await pool.query<{ id: string }>('select id from "user" where email = $1', [
    email,
  ])
  const userId = rows[0]?.id ?? (await signUp())
  for (const organisation of organisations) {
    const { rowCount } = await pool.query('select from organization where slug = $1', [
      organisation.slug,
    ])
    if (rowCount === 0) await auth.api.createOrganization({ body: { ...organisation, userId } })
  }

  async function signUp(): Promise<string> {
    const { user } = await auth.api.signUpEmail({ body: { name, email, password: demoPassword } })
    return user.id
  }
}

async function readState(pool: pg.Pool): Promise<{ secret: string; tables: string } | undefined> {
  const exists = await pool.query(
    `select from pg_tables where schemaname = 'auth' and tablename = 'studio'`,
  )
  if (exists.rowCount === 0) return undefined
  const { rows } = await pool.query<{ secret: string; tables: string }>(
    'select secret, tables from auth.studio',
  )
  return rows[0]
}
