import type { ReactElement } from 'react'
import { requestsPerMonth } from '../../goals/requests-per-month.js'
import { PageHeading } from '../shell/page-heading.js'
import { countOf } from '../trips/trip-words.js'
import { GoalCard } from './goal-card.js'
import { GoalForm } from './goal-form.js'
import { TaskList } from './task-list.js'
import { useGoals, useProvider, useUsage } from './use-desk.js'

/** Wishes as goals that can be checked, and tasks in an order with reasons. */
export function GoalsPage(): ReactElement {
  const { data: usage } = useUsage()
  const { data: provider } = useProvider()
  return (
    <>
      <title>Goals · Longhaul Studio</title>
      <header className="page-head">
        <PageHeading>Goals</PageHeading>
        <p className="lead">Say what you want, and get a goal that can be checked.</p>
        {/* A line of its own from the beginning, so that nothing moves when the figures come. */}
        <p className="muted usage">
          {usage !== undefined &&
            `${countOf(usage.requests, 'request')} and ${countOf(usage.tokens, 'token')} this month, of ${requestsPerMonth} requests${provider === null ? ': rules do it here, and no language model' : ''}.`}
        </p>
      </header>
      <GoalForm provider={provider} />
      <Goals />
      <h2 className="section-head">Tasks</h2>
      <TaskList />
    </>
  )
}

function Goals(): ReactElement | null {
  const { data: goals, error } = useGoals()
  if (error !== null) {
    return (
      <p className="empty" role="alert">
        {error.message}
      </p>
    )
  }
  if (goals === undefined || goals.length === 0) return null
  return (
    <ul className="goal-list" aria-label="Your goals">
      {goals.map((goal) => (
        <li key={goal.id}>
          <GoalCard goal={goal} />
        </li>
      ))}
    </ul>
  )
}
