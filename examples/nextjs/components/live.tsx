'use client'
import { ConnectionIndicator, LonghaulProvider } from 'longhaul/react'
import type { ReactElement } from 'react'
import { Conversation } from './conversation'

interface Props {
  readonly user: string
  readonly chatId: string
}

/** What is below follows its jobs by one connection. Another user is another session: nothing is carried over. */
export function Live({ user, chatId }: Props): ReactElement {
  return (
    <LonghaulProvider url="/api/longhaul" session={user}>
      <main className="page">
        <h1>Ask about a number</h1>
        <Conversation chatId={chatId} />
        <ConnectionIndicator />
      </main>
    </LonghaulProvider>
  )
}
