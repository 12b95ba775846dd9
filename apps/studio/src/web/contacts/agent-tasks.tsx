import type { ReactElement } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import type { Job } from 'longhaul'
import {
  CompactProgressTracker,
  type TaskAgent,
  useCreateJob,
  useLonghaulClient,
  useTaskSubscription,
} from 'longhaul/react'
import { type Agent, agentOfType, agents } from '../../contacts/agents.js'
import { jobLabel } from '../jobs/job-words.js'
import { contactKey } from './use-contacts.js'

const slotMinutes = 30
const shown = 4

/** The agents of a contact: what each can be asked for, and how far they are. */
export function AgentTasks({ contactId }: { contactId: string }): ReactElement {
  const cache = useQueryClient()
  const client = useLonghaulClient()
  const { createJob, error: createError } = useCreateJob()
  const { tasks, activeTasks, loading, error } = useTaskSubscription({
    contactId,
    agentOf,
    onTaskComplete: () => void cache.invalidateQueries({ queryKey: contactKey(contactId) }),
  })

  function ask({ id: agentId }: Agent): void {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
    if (agentId === 'writer') void createJob('contact_follow_up', { contactId, agentId })
    else if (agentId === 'reader') void createJob('contact_summary', { contactId, agentId })
    else void createJob('contact_slots', { contactId, agentId, minutes: slotMinutes, timeZone })
  }

  return (
    <section className="contact-part" aria-label="Agents">
      <h3>Agents</h3>
      <div className="contact-agents">
        {agents.map((agent) => (
          <button
            key={agent.id}
            type="button"
            className="button"
            disabled={activeTasks.some((task) => task.agent.id === agent.id)}
            onClick={() => ask(agent)}
          >
            {agent.does}
          </button>
        ))}
      </div>
      <p className="problem" role="alert">
        {createError?.message ?? error?.message}
      </p>
      {tasks.length === 0 ? (
        <p className="empty">
          {loading ? 'Looking for what they do…' : 'Nobody has worked for this contact today.'}
        </p>
      ) : (
        <ul className="contact-tasks" aria-label="What the agents do">
          {tasks.slice(0, shown).map(({ id, job, agent }) => (
            <li key={id}>
              <CompactProgressTracker
                job={job}
                label={`${jobLabel(job)}: ${agent.name}`}
                message="The draft is ready."
                onCancel={async () => void (await client.jobs.cancel(id))}
                onRetry={async () => void (await client.jobs.retry(id))}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function agentOf({ type }: Job): TaskAgent {
  return agentOfType(type) ?? { id: type, name: type, agent_type: type }
}
