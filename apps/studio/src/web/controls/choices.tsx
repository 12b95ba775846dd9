import type { ReactElement } from 'react'

export interface ChoicesProps {
  readonly name: string
  readonly legend: string
  readonly hint?: string
  readonly options: readonly {
    readonly value: string
    readonly label: string
    readonly detail?: string
  }[]
  readonly value: string
  readonly onChange: (value: string) => void
}

/** One of a few, side by side. */
export function Choices({
  name,
  legend,
  hint,
  options,
  value,
  onChange,
}: ChoicesProps): ReactElement {
  return (
    <fieldset className="field" aria-describedby={hint === undefined ? undefined : `${name}-hint`}>
      <legend>{legend}</legend>
      <div className="choices">
        {options.map((option) => (
          <label className="choice" key={option.value}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span className="choice-label">{option.label}</span>
            {option.detail !== undefined && <span className="choice-detail">{option.detail}</span>}
          </label>
        ))}
      </div>
      {hint !== undefined && (
        <p className="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </fieldset>
  )
}
