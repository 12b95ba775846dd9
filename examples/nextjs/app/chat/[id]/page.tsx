import { redirect } from 'next/navigation'
import type { ReactElement } from 'react'
import { Header } from '@/components/header'
import { Live } from '@/components/live'
import { signedIn } from '@/lib/signed-in'

interface Props {
  readonly params: Promise<{ readonly id: string }>
}

export default async function Page({ params }: Props): Promise<ReactElement> {
  const user = await signedIn()
  if (user === undefined) redirect('/')
  const { id } = await params
  return (
    <>
      <Header user={user} />
      <Live user={user} chatId={id} />
    </>
  )
}
