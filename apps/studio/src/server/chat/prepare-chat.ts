import type pg from 'pg'
import { setUpOnce } from '../set-up-once.js'

/** Conversations, their messages and what is attached to these. Every key begins with whose they are, so that nothing finds another's. */
export async function prepareChat(pool: pg.Pool): Promise<void> {
  await setUpOnce(pool, 'studio.conversations', async (client) => {
    await client.query(`
      create table studio.conversations (
        tenant_id text not null,
        owner_id text not null,
        id text not null,
        title text not null,
        updated_at timestamptz not null default now(),
        primary key (tenant_id, owner_id, id)
      );
      -- Serves the list of conversations.
      create index conversations_latest
        on studio.conversations (tenant_id, owner_id, updated_at desc);
      create table studio.messages (
        tenant_id text not null,
        owner_id text not null,
        conversation_id text not null,
        id text not null,
        position bigint generated always as identity,
        role text not null check (role in ('user', 'assistant')),
        parts jsonb not null,
        job_id uuid not null, -- that answers it, or whose answer it is
        primary key (tenant_id, owner_id, conversation_id, id),
        foreign key (tenant_id, owner_id, conversation_id)
          references studio.conversations on delete cascade
      );`)
  })
  // What follows came later.
  await pool.query('alter table studio.messages add column if not exists answerer text')
  await setUpOnce(pool, 'studio.attachments', async (client) => {
    await client.query(`
      create table studio.attachments (
        tenant_id text not null,
        owner_id text not null,
        id uuid not null, -- made by the page
        name text not null,
        media_type text not null,
        width integer,
        height integer,
        data bytea not null,
        size_bytes integer not null generated always as (octet_length(data)) stored,
        created_at timestamptz not null default now(),
        conversation_id text, -- none until it is sent
        message_id text,
        primary key (tenant_id, owner_id, id),
        foreign key (tenant_id, owner_id, conversation_id)
          references studio.conversations on delete cascade
          deferrable initially deferred, -- what begins a conversation is sent before there is one
        constraint attachments_sent_with_a_message
          check ((conversation_id is null) = (message_id is null))
      );
      -- Serves the deletion of a conversation.
      create index attachments_conversation
        on studio.attachments (tenant_id, owner_id, conversation_id);`)
  })
}
