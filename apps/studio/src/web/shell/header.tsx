import type { ReactElement } from 'react'
import { ActivityIndicator } from 'longhaul/react'
import { jobAddress, jobLabel } from '../jobs/job-words.js'
import type { Me } from '../session/session-api.js'
import type { SessionActions } from '../session/use-session.js'
import { AccountMenu } from './account-menu.js'
import { Brand } from './brand.js'
import { Navigation } from './navigation.js'
import { addressOf, type PlaceInApp } from './use-place.js'

export interface HeaderProps {
  readonly me: Me
  readonly place: PlaceInApp
  readonly actions: SessionActions
}

export function Header({ me, place, actions }: HeaderProps): ReactElement {
  return (
    <header className="header">
      <a className="header-home" href={addressOf('home')}>
        <Brand />
      </a>
      <Navigation place={place} />
      <ActivityIndicator
        labelOf={jobLabel}
        hrefOf={jobAddress}
        storageKey={`studio.cleared ${me.user.id} ${me.organisation.id}`}
      />
      <AccountMenu me={me} actions={actions} />
    </header>
  )
}
