import { useCallback, useEffect, useState } from 'react'
import { useJobs } from 'longhaul/react'
import { type Conversations, fetchConversations } from './chat-api.js'

const answers = { type: ['ai_concierge_query'] }

export interface UseConversations {
  readonly about: Conversations['about'] | undefined
  /** None until they are known. */
  readonly conversations: Conversations['conversations'] | undefined
  refresh(): void
}

/** The list of conversations, read again when an answer is asked for in any tab. */
export function useConversations(): UseConversations {
  const [found, setFound] = useState<Conversations>()
  const { jobs } = useJobs(answers, { limit: 1 })
  const latest = jobs[0]?.id

  const refresh = useCallback(() => {
    // What is known stays; the connection's note says that the studio does not answer.
    fetchConversations().then(setFound, () => undefined)
  }, [])
  useEffect(refresh, [refresh, latest])

  return { about: found?.about, conversations: found?.conversations, refresh }
}
