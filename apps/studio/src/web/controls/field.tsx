import { type ComponentProps, type ReactElement, useId } from 'react'

export interface FieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'id'> {
  readonly label: string
  readonly hint?: string
  readonly onChange: (value: string) => void
}

/** A line of text with its name above it. */
export function Field({ label, hint, onChange, ...input }: FieldProps): ReactElement {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={({ target }) => onChange(target.value)}
      />
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
