import type { Job } from '../../client/index.js'
import type { StatusNames } from './use-request-status-polling.js'

export interface TaskAgent {
  readonly id: string
  readonly name: string
  readonly agent_type: string
}

/** A job in the shape in which apps keep what an agent was asked to do. */
export interface Task {
  readonly id: string
  /** As Longhaul calls it, or as `statusNames` do. */
  readonly status: string
  readonly task_type: string
  readonly assigned_at: string
  readonly started_at: string | null
  readonly completed_at: string | null
  readonly input_data: unknown
  readonly agent: TaskAgent
  readonly job: Job
}

/** The agent that the input names as `agentId`; without one the job's type. */
export function agentOfInput({ input, type }: Job): TaskAgent {
  const { agentId } = (input ?? {}) as { readonly agentId?: unknown }
  const id = typeof agentId === 'string' ? agentId : type
  return { id, name: id, agent_type: type }
}

export function taskOf(job: Job, agent: TaskAgent, statusNames: StatusNames = {}): Task {
  return {
    id: job.id,
    status: statusNames[job.status] ?? job.status,
    task_type: job.type,
    assigned_at: job.createdAt,
    started_at: job.startedAt,
    completed_at: job.finishedAt,
    input_data: job.input,
    agent,
    job,
  }
}
