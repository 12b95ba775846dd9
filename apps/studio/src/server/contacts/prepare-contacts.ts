import type pg from 'pg'
import { demoContacts } from '../../demo/demo-contacts.js'
import { setUpOnce } from '../set-up-once.js'

/** The tables of the contacts, and on the first start those of the demo organisations. They come after the sign-in's. */
export async function prepareContacts(pool: pg.Pool): Promise<void> {
  await setUpOnce(pool, 'studio.contacts', setUp)
}

async function setUp(client: pg.PoolClient): Promise<void> {
  await client.query(`
    create table studio.contacts (
      tenant_id text not null,
      id uuid not null, -- made by the browser
      name text not null,
      role text not null,
      company text not null,
      email text not null,
      time_zone text not null,
      is_archived boolean not null default false,
      created_at timestamptz not null default now(),
      primary key (tenant_id, id)
    );
    create table studio.talks (
      tenant_id text not null,
      contact_id uuid not null,
      id uuid not null, -- made by the browser
      kind text not null check (kind in ('call', 'meeting', 'message')),
      at timestamptz not null,
      minutes integer check (minutes > 0),
      body text not null,
      primary key (tenant_id, contact_id, id),
      foreign key (tenant_id, contact_id) references studio.contacts on delete cascade
    );
    -- Serves a contact's talks, newest first.
    create index talks_at_idx on studio.talks (tenant_id, contact_id, at desc);
    -- Serves the diary of an organisation.
    create index talks_diary_idx on studio.talks (tenant_id, at) where kind = 'meeting';
    create table studio.drafts (
      tenant_id text not null,
      contact_id uuid not null,
      id uuid not null, -- of the job that wrote it: one that is tried again keeps no second draft
      agent_id text not null,
      subject text not null,
      body text not null,
      status text not null default 'open' check (status in ('open', 'accepted', 'dismissed')),
      updated_at timestamptz not null default now(),
      primary key (tenant_id, contact_id, id),
      foreign key (tenant_id, contact_id) references studio.contacts on delete cascade
    );`)
  for (const { slug, talks, ...contact } of demoContacts) {
    const { rows } = await client.query<{ tenant_id: string; id: string }>(
      `insert into studio.contacts (tenant_id, id, name, role, company, email, time_zone, is_archived)
       select organization.id, gen_random_uuid(), $2, $3, $4, $5, $6, $7
       from auth.organization where slug = $1 returning tenant_id, id`,
      [
        slug,
        contact.name,
        contact.role,
        contact.company,
        contact.email,
        contact.timeZone,
        contact.isArchived,
      ],
    )
    const made = rows[0]
    if (made === undefined) continue
    for (const { kind, daysAgo, minutes, text } of talks) {
      await client.query(
        `insert into studio.talks (tenant_id, contact_id, id, kind, at, minutes, body)
         values ($1, $2, gen_random_uuid(), $3, date_trunc('day', now(), 'UTC') - $4 * interval '1 day' + interval '10 hours', $5, $6)`,
        [made.tenant_id, made.id, kind, daysAgo, minutes, text],
      )
    }
  }
}
