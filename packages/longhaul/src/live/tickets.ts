import { createHash, randomBytes } from 'node:crypto'
import type { Principal } from '../core/index.js'
import { type Database, insertTicket, runOne, takeTicket } from '../postgres/index.js'

export interface Tickets {
  readonly lifetimeMs: number
  /** A ticket for one connection of whoever asks, on any node. */
  issue(principal: Principal): Promise<string>
  /** Whose it is, once. */
  take(ticket: string): Promise<Principal | undefined>
}

const lifetimeMs = 30_000

export function createTickets(db: Database): Tickets {
  return {
    lifetimeMs,
    async issue(principal) {
      const ticket = randomBytes(24).toString('base64url')
      await db.run(insertTicket({ hash: hashOf(ticket), principal, lifetimeMs }))
      return ticket
    },
    take: async (ticket) => (await runOne(db, takeTicket(hashOf(ticket))))?.principal,
  }
}

function hashOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url')
}
