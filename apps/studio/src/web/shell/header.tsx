import { type ReactElement, useState } from 'react'
import type { Me } from '../session/session-api.js'
import { Brand } from './brand.js'
import { newTripAddress } from './use-place.js'

export interface HeaderProps {
  readonly me: Me
  readonly onSignOut: () => Promise<void>
}

export function Header({ me, onSignOut }: HeaderProps): ReactElement {
  const [isLeaving, setIsLeaving] = useState(false)

  async function leave(): Promise<void> {
    setIsLeaving(true)
    await onSignOut()
    setIsLeaving(false)
  }

  return (
    <header className="header">
      <a className="header-home" href={newTripAddress}>
        <Brand />
      </a>
      <p className="header-who">
        <span className="header-organisation">{me.organisation.name}</span>
        <span className="header-user">{me.user.name}</span>
      </p>
      <button type="button" className="button" disabled={isLeaving} onClick={() => void leave()}>
        Sign out
      </button>
    </header>
  )
}
