import type { ReactElement } from 'react'
import { dayInWords } from '../../goals/calendar.js'
import { ProxyProgress } from './proxy-progress.js'
import { TaskForm } from './task-form.js'
import { useAiProxy } from './use-ai-proxy.js'
import { type Task, useRemove, useTasks } from './use-desk.js'

/** What is to be done, in the order in which to do it once somebody has asked for one. */
export function TaskList(): ReactElement {
  const { data: tasks = [], error } = useTasks()
  const proxy = useAiProxy()
  const remove = useRemove('tasks')
  return (
    <div className="tasks">
      <TaskForm />
      {error !== null && <p role="alert">{error.message}</p>}
      {tasks.length > 0 && (
        <ol className="card task-list">
          {tasks.map((task) => (
            <li key={task.id} className="task">
              <div>
                <p className="task-title">{task.title}</p>
                <p className="muted">{aboutOf(task)}</p>
              </div>
              <button
                type="button"
                className="button"
                aria-label={`Done: ${task.title}`}
                onClick={() => remove.mutate(task.id)}
              >
                Done
              </button>
            </li>
          ))}
        </ol>
      )}
      <div className="trip-form-end">
        <button
          type="button"
          className="button"
          disabled={proxy.isLoading || tasks.length < 2}
          onClick={() => proxy.mutate({ input: 'Put my tasks in order' })}
        >
          Put them in order
        </button>
        <ProxyProgress proxy={proxy} intent="prioritization" label="The order of your tasks" />
      </div>
    </div>
  )
}

function aboutOf({ dueOn, minutes, reason }: Task): string {
  const facts = [
    reason ?? 'Not in order yet',
    dueOn === null ? '' : dayInWords(dueOn),
    minutes === null ? '' : `${minutes} min`,
  ]
  return facts.filter(Boolean).join(' · ')
}
