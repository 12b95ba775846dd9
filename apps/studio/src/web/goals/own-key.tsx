import type { ReactElement } from 'react'
import type { AboutProvider } from '../../goals/provider.js'
import { Field } from '../controls/field.js'

export interface OwnKeyProps {
  /** Nothing until it is known, `null` when there is none. */
  readonly provider: AboutProvider | null | undefined
  readonly value: string
  readonly onChange: (key: string) => void
}

/** A key of one's own for the studio's provider: this page forgets it when one leaves it, and nothing else keeps it. */
export function OwnKey({ provider, value, onChange }: OwnKeyProps): ReactElement | null {
  if (provider === undefined) return null
  if (provider === null) {
    return (
      <p className="hint">
        With a key of your own a language model could write it, but this studio knows no provider to
        ask (STUDIO_PROVIDER_URL).
      </p>
    )
  }
  return (
    <Field
      label={`Your key for ${provider.host}, if you like`}
      hint={`With it ${provider.model} writes the goal. The key goes with this one request, encrypted, and is erased when that has ended.`}
      type="password"
      minLength={8}
      maxLength={400}
      autoComplete="off"
      spellCheck={false}
      value={value}
      onChange={onChange}
    />
  )
}
