import { createLonghaul } from 'longhaul/server'
import { countWords } from './jobs.js'

export const longhaul = createLonghaul({
  jobs: [countWords],
  database: process.env.DATABASE_URL, // not set: a real Postgres under .longhaul/
  // Stands for your own session: here whoever gives a name is that user. An app on a phone gives it as its token.
  authenticate({ headers }) {
    const userId = headers.get('x-user') ?? headers.get('authorization')?.replace('Bearer ', '')
    return userId ? { tenantId: 'example', userId, roles: [] } : null
  },
})
