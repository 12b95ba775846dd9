import type { ReactElement, ReactNode } from 'react'
import { Brand } from '../shell/brand.js'

export interface EntryPageProps {
  readonly title: string
  readonly lead: string
  readonly children: ReactNode
}

/** A page for somebody who is not in yet: one card. */
export function EntryPage({ title, lead, children }: EntryPageProps): ReactElement {
  return (
    <div className="sign-in">
      <title>{`${title} · Longhaul Studio`}</title>
      <header className="sign-in-brand">
        <Brand />
      </header>
      <main className="sign-in-main">
        <div className="card sign-in-card">
          <h1>{title}</h1>
          <p className="muted">{lead}</p>
          {children}
        </div>
      </main>
    </div>
  )
}

export interface EntryButtonProps {
  readonly problem: string | undefined
  readonly isBusy: boolean
  readonly children: string
}

/** The end of its form: what went wrong, and the button. */
export function EntryButton({ problem, isBusy, children }: EntryButtonProps): ReactElement {
  return (
    <>
      <p className="problem" role="alert">
        {problem}
      </p>
      <button type="submit" className="button button-main button-wide" disabled={isBusy}>
        {isBusy ? 'One moment…' : children}
      </button>
    </>
  )
}
