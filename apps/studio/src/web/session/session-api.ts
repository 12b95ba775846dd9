/** Who is signed in, as /api/me says. */
export interface Me {
  readonly user: { readonly id: string; readonly name: string; readonly email: string }
  readonly organisation: { readonly id: string; readonly name: string }
}

/** @returns nothing when nobody is signed in */
export async function fetchMe(): Promise<Me | undefined> {
  const response = await fetch('/api/me')
  if (!response.ok) throw new Error(`The studio answered ${response.status}.`)
  const { user, organisation } = (await response.json()) as Me | { user: null; organisation: null }
  return user === null || organisation === null ? undefined : { user, organisation }
}

/** @returns why it did not work, in a sentence; nothing when it did */
export async function signIn(email: string, password: string): Promise<string | undefined> {
  try {
    const response = await post('/api/auth/sign-in/email', { email, password })
    if (response.ok) return undefined
    if (response.status === 401) return 'This email and password do not belong together.'
    const { message } = (await response.json().catch(() => ({}))) as { message?: string }
    return `Signing in did not work: ${message ?? `the server answered ${response.status}`}.`
  } catch {
    return 'The studio does not answer, so you could not be signed in. Try again in a moment.'
  }
}

export async function signOut(): Promise<void> {
  await post('/api/auth/sign-out', {})
}

function post(path: string, body: unknown): Promise<Response> {
  return fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}
