import type { ReactElement } from 'react'
import type { Answerer } from '../../trips/concierge/answerer.js'

export interface AnswererChoiceProps {
  readonly answerer: Answerer
  readonly onChoose: (answerer: Answerer) => void
}

const names: Readonly<Record<Answerer, string>> = {
  assistant: 'The assistant: places and trips',
  backend: 'The back end in Python: whole numbers',
}

/** Whom the next question is for. */
export function AnswererChoice({ answerer, onChoose }: AnswererChoiceProps): ReactElement {
  return (
    <label className="chat-answerer">
      Answered by
      <select value={answerer} onChange={({ target }) => onChoose(target.value as Answerer)}>
        {Object.entries(names).map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
