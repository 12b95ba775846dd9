import { AuthClient } from '@supabase/supabase-js'
import { createLonghaul } from 'longhaul/server'
import { countWords } from './jobs.js'
import { principalOf } from './principal.js'

const { SUPABASE_URL = '', SUPABASE_KEY = '', DATABASE_URL } = process.env

const auth = new AuthClient({
  url: `${SUPABASE_URL}/auth/v1`,
  headers: { apikey: SUPABASE_KEY },
  persistSession: false,
  autoRefreshToken: false,
})

export const longhaul = createLonghaul({
  jobs: [countWords],
  database: DATABASE_URL,
  maxConnections: 4, // each takes a place of the session pooler
  async authenticate({ headers }) {
    const token = headers.get('authorization')?.replace(/^Bearer /i, '')
    if (token === undefined) return null
    // Checked here, with the project's public keys; with a shared secret it asks Supabase.
    const { data } = await auth.getClaims(token).catch(() => ({ data: null }))
    return data && principalOf(data.claims)
  },
})
