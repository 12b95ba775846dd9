import { type ReactElement, useState } from 'react'
import { Field } from '../controls/field.js'
import { useSubmit } from '../controls/use-submit.js'

export interface OrganisationFormProps {
  readonly onCreate: (name: string) => Promise<string | undefined>
}

export function OrganisationForm({ onCreate }: OrganisationFormProps): ReactElement {
  const [name, setName] = useState('')
  const { isBusy, problem, onSubmit } = useSubmit(() => onCreate(name.trim()))
  return (
    <form className="stack" onSubmit={onSubmit}>
      <Field
        label="New organisation"
        autoComplete="off"
        required
        maxLength={80}
        value={name}
        onChange={setName}
      />
      <p className="problem" role="alert">
        {problem}
      </p>
      <button type="submit" className="button" disabled={isBusy}>
        Make it
      </button>
    </form>
  )
}
