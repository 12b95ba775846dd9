import { type FormEvent, useState } from 'react'
import { supabase } from './supabase'

export function SignIn() {
  const [problem, setProblem] = useState('')

  async function signIn(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [email, password] = [form.get('email') as string, form.get('password') as string]
    const { error } = await supabase.auth.signInWithPassword({ email, password })
    setProblem(error?.message ?? '')
  }

  return (
    <form onSubmit={(event) => void signIn(event)}>
      <h1>Sign in</h1>
      <label>
        Email <input name="email" type="email" autoComplete="email" required />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <button type="submit">Sign in</button>
      <p role="alert">{problem}</p>
    </form>
  )
}
