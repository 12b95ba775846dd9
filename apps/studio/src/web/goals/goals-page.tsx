import { type FormEvent, type ReactElement, useState } from 'react'
import { requestsPerMonth } from '../../goals/requests-per-month.js'
import { Field } from '../controls/field.js'
import { PageHeading } from '../shell/page-heading.js'
import { countOf } from '../trips/trip-words.js'
import { GoalCard } from './goal-card.js'
import { ProxyProgress } from './proxy-progress.js'
import { TaskList } from './task-list.js'
import { useAiProxy } from './use-ai-proxy.js'
import { useGoals, useUsage } from './use-desk.js'

/** Wishes as goals that can be checked, and tasks in an order with reasons. */
export function GoalsPage(): ReactElement {
  const { data: usage } = useUsage()
  return (
    <>
      <title>Goals · Longhaul Studio</title>
      <header className="page-head">
        <PageHeading>Goals</PageHeading>
        <p className="lead">Say what you want, and get a goal that can be checked.</p>
        {/* A line of its own from the beginning, so that nothing moves when the figures come. */}
        <p className="muted usage">
          {usage !== undefined &&
            `${countOf(usage.requests, 'request')} and ${countOf(usage.tokens, 'token')} this month, of ${requestsPerMonth}: rules do it here, and no language model.`}
        </p>
      </header>
      <GoalForm />
      <Goals />
      <h2 className="section-head">Tasks</h2>
      <TaskList />
    </>
  )
}

function GoalForm(): ReactElement {
  const proxy = useAiProxy()
  const [wish, setWish] = useState('')

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (proxy.isLoading) return
    proxy.mutate({ input: wish }, { onSuccess: () => setWish('') })
  }

  return (
    <form className="card trip-form" onSubmit={submit}>
      <Field
        label="What do you want?"
        className="input-large"
        placeholder="Run 10 km by June, because…"
        hint="With a number, a date and a “because” it becomes more exact."
        required
        minLength={3}
        maxLength={500}
        autoComplete="off"
        value={wish}
        onChange={setWish}
      />
      <div className="trip-form-end">
        <button
          type="submit"
          className="button button-main button-large"
          disabled={proxy.isLoading}
        >
          Make it a goal
        </button>
        <ProxyProgress proxy={proxy} intent="smart_goal" label="Your request" />
      </div>
    </form>
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
