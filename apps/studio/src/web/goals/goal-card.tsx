import type { ReactElement } from 'react'
import { type Goal, useRemove } from './use-desk.js'

const parts = [
  ['Specific', 'specific'],
  ['Measurable', 'measurable'],
  ['Achievable', 'achievable'],
  ['Relevant', 'relevant'],
  ['Time-bound', 'timeBound'],
] as const

export function GoalCard({ goal }: { goal: Goal }): ReactElement {
  const { mutate, isPending } = useRemove('goals')
  return (
    <article className="card goal">
      <div className="goal-head">
        <h2>{goal.title}</h2>
        <button
          type="button"
          className="button"
          disabled={isPending}
          aria-label={`Remove the goal ${goal.title}`}
          onClick={() => mutate(goal.id)}
        >
          Remove
        </button>
      </div>
      <dl className="goal-parts">
        {parts.map(([name, part]) => (
          <div key={part}>
            <dt>{name}</dt>
            <dd>{goal[part]}</dd>
          </div>
        ))}
      </dl>
      {goal.model !== undefined && <p className="muted">Written by {goal.model}.</p>}
    </article>
  )
}
