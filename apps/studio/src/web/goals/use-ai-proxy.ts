import { useQueryClient } from '@tanstack/react-query'
import type { Job, JobOf } from 'longhaul'
import { type JobMutationResult, useJobMutation } from 'longhaul/tanstack-query'
import { askStudio } from '../controls/ask-studio.js'
import { goalsKey, tasksKey, usageKey } from './use-desk.js'

export interface ProxyRequest {
  readonly input: string
  readonly user_provided_key?: string
}

export interface ProxyAnswer {
  readonly message: string
  readonly job_id: string
  readonly status: string
}

const invalidated = { smart_goal: goalsKey, prioritization: tasksKey } as const

/** One sentence to the proxy; the job that it becomes is followed, and what it changed is asked for anew. */
export function useAiProxy(): JobMutationResult<ProxyRequest, ProxyAnswer> {
  const cache = useQueryClient()
  return useJobMutation({
    mutationFn: (request: ProxyRequest) => askStudio<ProxyAnswer>('/api/ai/proxy', 'POST', request),
    jobIdOf: ({ job_id }) => job_id,
    invalidates: (job) => {
      const result = resultOf(job)
      return result === null ? [] : [invalidated[result.intent]]
    },
    onComplete: (job) => cache.setQueryData(usageKey, resultOf(job)?.usage),
  })
}

function resultOf(job: Job): JobOf<'ai_proxy'>['result'] {
  return (job as JobOf<'ai_proxy'>).result
}
