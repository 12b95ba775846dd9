import type { Principal } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'

export interface NewTicket {
  readonly hash: string
  readonly principal: Principal
  readonly lifetimeMs: number
}

/** Keep a ticket, and forget some that nobody has used. */
export function insertTicket({ hash, principal, lifetimeMs }: NewTicket): Query<never> {
  return sql`
    with expired as (
      delete from longhaul.tickets
      where hash in (
        select hash from longhaul.tickets where expires_at < now() order by expires_at limit 10
        for update skip locked
      )
    )
    insert into longhaul.tickets (hash, principal, expires_at)
    values (${hash}, ${JSON.stringify(principal)}, now() + ${lifetimeMs} * interval '1 ms')`
}

/** Use a ticket up. No row: there is none, or it has been used, or its time is over. */
export function takeTicket(hash: string): Query<{ readonly principal: Principal }> {
  return sql`
    delete from longhaul.tickets
    where hash = ${hash} and expires_at > now()
    returning principal`
}
