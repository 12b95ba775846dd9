import { type FormEvent, type ReactElement, useState } from 'react'
import { Field } from '../controls/field.js'
import { useAddTask } from './use-desk.js'

const empty = { title: '', dueOn: '', minutes: '' }

export function TaskForm(): ReactElement {
  const [draft, setDraft] = useState(empty)
  const { mutate, isPending, error } = useAddTask()

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (isPending) return
    const { title, dueOn, minutes } = draft
    mutate(
      { title, dueOn: dueOn || null, minutes: minutes === '' ? null : Number(minutes) },
      { onSuccess: () => setDraft(empty) },
    )
  }

  return (
    <form className="task-form" onSubmit={submit}>
      <Field
        label="Task"
        required
        maxLength={200}
        autoComplete="off"
        value={draft.title}
        onChange={(title) => setDraft({ ...draft, title })}
      />
      <Field
        label="Due"
        type="date"
        value={draft.dueOn}
        onChange={(dueOn) => setDraft({ ...draft, dueOn })}
      />
      <Field
        label="Minutes"
        type="number"
        min={1}
        max={10_000}
        value={draft.minutes}
        onChange={(minutes) => setDraft({ ...draft, minutes })}
      />
      <button type="submit" className="button task-add" disabled={isPending}>
        Add
      </button>
      <p className="problem" role="alert">
        {error?.message}
      </p>
    </form>
  )
}
