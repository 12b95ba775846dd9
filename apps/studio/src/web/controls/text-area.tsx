import { type ComponentProps, type ReactElement, useId } from 'react'

export interface TextAreaProps extends Omit<ComponentProps<'textarea'>, 'onChange' | 'id'> {
  readonly label: string
  readonly onChange: (value: string) => void
}

/** Lines of text with their name above them. */
export function TextArea({ label, onChange, ...area }: TextAreaProps): ReactElement {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea {...area} id={id} onChange={({ target }) => onChange(target.value)} />
    </div>
  )
}
