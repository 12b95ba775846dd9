import Link from 'next/link'
import type { ReactElement } from 'react'
import { Header } from '@/components/header'
import { SignIn } from '@/components/sign-in'
import { conversationsOf } from '@/lib/conversations'
import { signedIn } from '@/lib/signed-in'

/** Where one signs in, and then one's chats. */
export default async function Page(): Promise<ReactElement> {
  const user = await signedIn()
  if (user === undefined) return <SignIn />
  const conversations = await conversationsOf(user)
  return (
    <>
      <Header user={user} />
      <main className="page">
        <h1>Your chats</h1>
        <Link className="button button-main" href={`/chat/${crypto.randomUUID()}`}>
          New chat
        </Link>
        {conversations.length === 0 && <p className="muted">None yet.</p>}
        <ul className="conversations">
          {conversations.map(({ id, firstQuestion, status }) => (
            <li key={id}>
              <Link href={`/chat/${id}`}>{firstQuestion}</Link>
              <span className="muted">{status}</span>
            </li>
          ))}
        </ul>
      </main>
    </>
  )
}
