import { createLonghaul } from 'longhaul/server'
import { chat } from './chat-job'
import { principalOf } from './session'

function create() {
  return createLonghaul({
    jobs: [chat],
    database: process.env.DATABASE_URL, // not set: a real Postgres under .longhaul/
    authenticate: principalOf,
  })
}

// Next.js loads this file once for its routes and once for instrumentation.ts; there is one Longhaul.
const shared = globalThis as { longhaul?: ReturnType<typeof create> }

export const longhaul = (shared.longhaul ??= create())

declare module 'longhaul' {
  interface Register {
    longhaul: typeof longhaul
  }
}
