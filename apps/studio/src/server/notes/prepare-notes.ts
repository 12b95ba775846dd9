import type pg from 'pg'
import { demoNotes } from '../../demo/demo-notes.js'

/** Any number that nothing else takes. */
const lockNumber = 7_305_111

/** The table of the notes, and on the first start those of the demo organisations. It comes after the sign-in's. */
export async function prepareNotes(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  try {
    // Two studios that start at once on one database: the second waits, and then finds all done.
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock($1)', [lockNumber])
    const { rows } = await client.query<{ exists: boolean }>(
      `select to_regclass('studio.notes') is not null as exists`,
    )
    if (rows[0]?.exists !== true) await setUp(client)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

async function setUp(client: pg.PoolClient): Promise<void> {
  await client.query(`
    create schema if not exists studio;
    create table studio.notes (
      tenant_id text not null,
      id uuid not null default gen_random_uuid(),
      title text not null,
      body text not null,
      author text not null,
      updated_at timestamptz not null default now(),
      search tsvector not null generated always as (
        setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', body), 'B')
      ) stored,
      primary key (tenant_id, id)
    );
    -- Serves search-notes.ts.
    create index notes_search_idx on studio.notes using gin (search);
    -- Serves the list of the notes.
    create index notes_updated_idx on studio.notes (tenant_id, updated_at desc);`)
  for (const { slug, author, title, body } of demoNotes) {
    await client.query(
      `insert into studio.notes (tenant_id, title, body, author)
       select id, $2, $3, $4 from auth.organization where slug = $1`,
      [slug, title, body, author],
    )
  }
}
