import { useQuery } from '@tanstack/react-query'
import type { JobOf } from 'longhaul'
import { useLonghaulClient } from 'longhaul/react'
import { type Intent, intentOf } from '../../goals/intent-of.js'

const mostLooked = 20

/** One's latest request of a kind, on whichever page or device it was made; nothing while it is not known. */
export function useLatestRequest(intent: Intent): string | null | undefined {
  const client = useLonghaulClient()
  const { data } = useQuery({
    queryKey: ['ai-requests', intent],
    async queryFn() {
      const { jobs } = await client.jobs.list({ type: ['ai_proxy'], limit: mostLooked })
      const ofIntent = jobs.find(({ input }) => intentOf(inputOf(input)) === intent)
      return ofIntent?.id ?? null
    },
  })
  return data
}

function inputOf(input: unknown): string {
  return (input as JobOf<'ai_proxy'>['input']).input
}
