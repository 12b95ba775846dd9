'use client'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { isSettled, type Job, type JobFilter } from '../../client/index.js'
import { useLonghaulClient } from '../longhaul-provider.js'
import { type ConnectionSummary, summariseConnection } from './summarise-connection.js'
import { agentOfInput, type Task, type TaskAgent, taskOf } from './task.js'
import { useConnectionStatus } from './use-connection-status.js'
import { useJobChanges } from './use-job-changes.js'
import { useJobs } from './use-jobs.js'
import type { StatusNames } from './use-request-status-polling.js'

export interface UseTaskSubscriptionOptions {
  /** Whose tasks: those whose input has this `contactId`. No id: idle. */
  readonly contactId: string | null | undefined
  /** Only those whose input has one of these as `agentId`. Absent: of all agents. */
  readonly agentIds?: readonly string[]
  /**
   * False: nothing is watched, as for a contact that is archived, until `subscribe` is called.
   *
   * @defaultValue true
   */
  readonly enabled?: boolean
  /**
   * How often to ask while live delivery does not work, in milliseconds.
   *
   * @defaultValue 5000
   */
  readonly intervalMs?: number
  /**
   * Whose jobs, as in a filter.
   *
   * @defaultValue 'visible'
   */
  readonly scope?: JobFilter['scope']
  readonly statusNames?: StatusNames
  /** @defaultValue the agent that the input names as `agentId` */
  readonly agentOf?: (job: Job) => TaskAgent
  /** A task has come or has changed. What had happened before the subscription is no news. */
  readonly onTaskUpdate?: (task: Task) => void
  /** A task has completed, once for each time that it does. */
  readonly onTaskComplete?: (task: Task) => void
}

export interface TaskSubscription {
  /** Those of the newest 20 that have not settled, newest first. */
  readonly activeTasks: readonly Task[]
  /** The newest 20, in whatever status. */
  readonly tasks: readonly Task[]
  readonly loading: boolean
  /** Why nothing comes just now. */
  readonly error: Error | null
  readonly connection: ConnectionSummary
  subscribe(): void
  unsubscribe(): void
}

const shown = 20
/** Of several agents: a filter takes one value for a field, so the others are left out here. */
const mostWatched = 200

/**
 * What is being done about one contact, in the shape of a hand-made subscription. The job types have
 * `filterBy: ['contactId', 'agentId']`. Changes that come quickly after one another are one render;
 * where streams do not get through it polls, and goes back by itself.
 *
 * @example
 * const { activeTasks, connection } = useTaskSubscription({ contactId, onTaskComplete: refetchDrafts })
 */
export function useTaskSubscription(options: UseTaskSubscriptionOptions): TaskSubscription {
  const { contactId, agentIds, enabled = true, intervalMs = 5000, scope = 'visible' } = options
  const { agentOf = agentOfInput, statusNames, onTaskUpdate, onTaskComplete } = options
  const client = useLonghaulClient()
  const [chosen, choose] = useState({ enabled, isOn: enabled })
  const isWanted = chosen.enabled === enabled ? chosen.isOn : enabled
  const isOn = isWanted && typeof contactId === 'string' && agentIds?.length !== 0
  const oneAgent = agentIds?.length === 1 ? agentIds[0] : undefined

  useEffect(
    () => (isOn ? client.connection.preferPolling(intervalMs) : undefined),
    [client, intervalMs, isOn],
  )
  const { jobs, isLoading } = useJobs(
    {
      input: {
        contactId: contactId ?? '',
        ...(oneAgent === undefined ? {} : { agentId: oneAgent }),
      },
      scope,
    },
    {
      enabled: isOn,
      limit: agentIds === undefined || oneAgent !== undefined ? shown : mostWatched,
    },
  )
  const agentKey = agentIds?.join('\n')
  const tasks = useMemo(() => {
    const wanted = agentKey === undefined ? undefined : new Set(agentKey.split('\n'))
    return jobs
      .map((job) => taskOf(job, agentOf(job), statusNames))
      .filter(({ agent }) => wanted?.has(agent.id) !== false)
      .slice(0, shown)
  }, [jobs, agentKey, agentOf, statusNames])

  const taskJobs = useMemo(() => tasks.map(({ job }) => job), [tasks])
  const key = `${contactId}\n${agentKey}`
  useJobChanges({ jobs: taskJobs, isLoading: !isOn || isLoading, key }, (job, before) => {
    const task = taskOf(job, agentOf(job), statusNames)
    onTaskUpdate?.(task)
    if (job.status === 'completed' && job.finishedAt !== before?.finishedAt) onTaskComplete?.(task)
  })

  const { state, reason } = useConnectionStatus()
  const isStuck =
    isOn && (state === 'unauthorized' || state === 'reconnecting' || state === 'offline')
  const problem = isStuck ? reason : null
  const set = useCallback((on: boolean) => choose({ enabled, isOn: on }), [enabled])
  return {
    tasks,
    activeTasks: useMemo(() => tasks.filter(({ job }) => !isSettled(job.status)), [tasks]),
    loading: isOn && isLoading,
    error: useMemo(() => (problem === null ? null : new Error(problem)), [problem]),
    connection: isOn ? summariseConnection({ state }) : 'disconnected',
    subscribe: useCallback(() => set(true), [set]),
    unsubscribe: useCallback(() => set(false), [set]),
  }
}
