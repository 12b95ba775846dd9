/** Who works for the contacts: rules, each with its own type of job. By themselves, because pages need them without the schemas. */
export const agents = [
  {
    id: 'writer',
    name: 'Follow-up writer',
    agent_type: 'contact_follow_up',
    does: 'Draft a follow-up',
    busy: 'Writing a follow-up',
  },
  {
    id: 'reader',
    name: 'Talk reader',
    agent_type: 'contact_summary',
    does: 'Summarise the talks',
    busy: 'Reading the talks',
  },
  {
    id: 'diary',
    name: 'Diary keeper',
    agent_type: 'contact_slots',
    does: 'Find a slot',
    busy: 'Looking for a slot',
  },
] as const

export type Agent = (typeof agents)[number]
export type AgentId = Agent['id']
export type AgentTaskType = Agent['agent_type']

export const agentTaskTypes: readonly AgentTaskType[] = agents.map(({ agent_type }) => agent_type)

export function agentOfType(type: string): Agent | undefined {
  return agents.find(({ agent_type }) => agent_type === type)
}
