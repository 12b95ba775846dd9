import type pg from 'pg'
import { setUpOnce } from '../set-up-once.js'

/** The tables of goals, tasks and what was asked of the proxy. Each row belongs to one person in one organisation. */
export async function prepareGoals(pool: pg.Pool): Promise<void> {
  await setUpOnce(pool, 'studio.goals', async (client) => {
    await client.query(`
      create table studio.goals (
        tenant_id text not null,
        user_id text not null,
        job_id uuid not null,
        goal jsonb not null,
        created_at timestamptz not null default now(),
        -- A job that is tried again keeps no second goal.
        primary key (tenant_id, user_id, job_id)
      );
      create table studio.tasks (
        tenant_id text not null,
        user_id text not null,
        id uuid not null default gen_random_uuid(),
        title text not null,
        due_on date,
        minutes integer check (minutes > 0),
        -- Empty until it was put in order.
        place integer,
        reason text,
        created_at timestamptz not null default now(),
        primary key (tenant_id, user_id, id)
      );
      create table studio.ai_requests (
        tenant_id text not null,
        user_id text not null,
        job_id uuid not null,
        tokens integer not null,
        asked_at timestamptz not null default now(),
        primary key (tenant_id, user_id, job_id)
      );`)
  })
}
