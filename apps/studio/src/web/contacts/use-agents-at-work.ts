import { useEffect, useMemo } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import type { Job, JobOf } from 'longhaul'
import { useJobs } from 'longhaul/react'
import {
  type Agent,
  agentOfType,
  type AgentTaskType,
  agentTaskTypes,
} from '../../contacts/agents.js'
import { contactListKey } from './use-contacts.js'

const watched = 200

/** Which agents work for which contacts, for all cards at once. When one has ended, the list is asked for anew. */
export function useAgentsAtWork(): ReadonlyMap<string, Agent> {
  const cache = useQueryClient()
  const { jobs } = useJobs({ type: agentTaskTypes, scope: 'visible' }, { limit: watched })
  const settled = jobs.filter(({ finishedAt }) => finishedAt !== null)
  const outcomes = settled.map(({ id, finishedAt }) => `${id} ${finishedAt}`).join()
  useEffect(() => {
    if (outcomes !== '') void cache.invalidateQueries({ queryKey: contactListKey })
  }, [cache, outcomes])
  return useMemo(
    () =>
      new Map(
        jobs
          .filter(({ finishedAt }) => finishedAt === null)
          .map((job) => [contactIdOf(job), agentOfType(job.type)!]),
      ),
    [jobs],
  )
}

function contactIdOf({ input }: Job): string {
  return (input as JobOf<AgentTaskType>['input']).contactId
}
