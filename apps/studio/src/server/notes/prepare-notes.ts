import type pg from 'pg'
import { demoNotes } from '../../demo/demo-notes.js'
import { setUpOnce } from '../set-up-once.js'

/** The table of the notes, and on the first start those of the demo organisations. It comes after the sign-in's. */
export async function prepareNotes(pool: pg.Pool): Promise<void> {
  await setUpOnce(pool, 'studio.notes', setUp)
}

async function setUp(client: pg.PoolClient): Promise<void> {
  await client.query(`
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
