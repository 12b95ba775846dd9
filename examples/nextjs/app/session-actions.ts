'use server'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { sealSession, sessionCookie } from '@/lib/session'

const longestName = 40

export async function signIn(form: FormData): Promise<void> {
  const given = form.get('name')
  const name = typeof given === 'string' ? given.trim() : ''
  if (name === '' || name.length > longestName) redirect('/')
  const jar = await cookies()
  jar.set(sessionCookie, sealSession(name), { httpOnly: true, sameSite: 'lax' })
  redirect('/')
}

export async function signOut(): Promise<void> {
  const jar = await cookies()
  jar.delete(sessionCookie)
  redirect('/')
}
