import { createClient } from '@supabase/supabase-js'

export const supabase = createClient(
  import.meta.env['VITE_SUPABASE_URL'] as string,
  import.meta.env['VITE_SUPABASE_KEY'] as string,
)

/** The token of whoever is signed in, renewed when it is about to run out. */
export async function accessToken(): Promise<string | null> {
  const { data } = await supabase.auth.getSession()
  return data.session?.access_token ?? null
}
