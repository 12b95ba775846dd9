import { REALTIME_SUBSCRIBE_STATES } from '@supabase/supabase-js'
import { useEffect, useState } from 'react'
import { supabase } from './supabase'

export interface JobRow {
  readonly id: string
  readonly status: string
  readonly progress: number
  readonly version: number
  readonly created_at: string
}

const columns = 'id, status, progress, version, created_at'
const mostShown = 20

/**
 * The latest jobs as Supabase tells of them. First it follows, then it reads, and again whenever it follows anew: what was
 * told in between is kept by its version. What Realtime drops stays unknown until then.
 */
export function useRealtimeJobs(): { jobs: readonly JobRow[]; problem: string | undefined } {
  const [jobs, setJobs] = useState<readonly JobRow[]>([])
  const [problem, setProblem] = useState<string>()

  useEffect(() => {
    const take = (rows: readonly JobRow[]): void => setJobs((known) => merge(known, rows))

    async function read(): Promise<void> {
      const { data, error } = await supabase
        .schema('longhaul_api')
        .from('jobs')
        .select(columns)
        .eq('type', 'count_words')
        .order('created_at', { ascending: false })
        .limit(mostShown)
        .overrideTypes<JobRow[], { merge: false }>()
      setProblem(error?.message)
      take(data ?? [])
    }

    const followed = { schema: 'longhaul', table: 'jobs', filter: 'type=eq.count_words' }
    const channel = supabase
      .channel('jobs')
      .on<JobRow>('postgres_changes', { event: 'INSERT', ...followed }, ({ new: row }) =>
        take([row]),
      )
      .on<JobRow>('postgres_changes', { event: 'UPDATE', ...followed }, ({ new: row }) =>
        take([row]),
      )
      .subscribe((status, error) => {
        if (status === REALTIME_SUBSCRIBE_STATES.SUBSCRIBED) void read()
        else if (error !== undefined) setProblem(error.message)
      })
    return () => void supabase.removeChannel(channel)
  }, [])

  return { jobs, problem }
}

/** A row that is older than what is known says nothing new. */
function merge(known: readonly JobRow[], rows: readonly JobRow[]): readonly JobRow[] {
  const byId = new Map(known.map((row) => [row.id, row]))
  for (const row of rows) if (row.version >= (byId.get(row.id)?.version ?? 0)) byId.set(row.id, row)
  return [...byId.values()]
    .toSorted((a, b) => b.created_at.localeCompare(a.created_at))
    .slice(0, mostShown)
}
