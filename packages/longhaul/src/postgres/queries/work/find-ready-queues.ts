import { type Query, sql } from '../../sql.js'

/** In which of these queues anything is ready: a cheap look, before claims that cost a transaction each. */
export function findReadyQueues(queues: readonly string[]): Query<{ queue: string }> {
  return sql`
    select queue
    from unnest(${queues}::text[]) as queue
    where exists (select from longhaul.ready_jobs as entry where entry.queue = queue.queue)`
}
