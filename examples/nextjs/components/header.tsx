import Link from 'next/link'
import type { ReactElement } from 'react'
import { signOut } from '@/app/session-actions'

export function Header({ user }: { readonly user: string }): ReactElement {
  return (
    <header className="header">
      <Link href="/">Numbers</Link>
      <form action={signOut}>
        <span className="muted">{user}</span>
        <button className="button">Sign out</button>
      </form>
    </header>
  )
}
