export interface Organisation {
  readonly id: string
  readonly name: string
}

export interface User {
  readonly id: string
  readonly name: string
  readonly email: string
}

/** Who is signed in, in which organisation, and where else they may go. */
export interface Me {
  readonly user: User
  readonly organisation: Organisation
  readonly organisations: readonly Organisation[]
}

/** What /api/me says. */
export interface Visitor {
  readonly user: User | null
  readonly organisation: Organisation | null
  readonly organisations: readonly Organisation[]
}

export interface SignUp {
  readonly name: string
  readonly email: string
  readonly password: string
  readonly organisation: string
}

/** Why something did not work, in a sentence; nothing when it did. */
export type Problem = string | undefined

export async function fetchVisitor(): Promise<Visitor> {
  const response = await fetch('/api/me')
  if (!response.ok) throw new Error(`The studio answered ${response.status}.`)
  return (await response.json()) as Visitor
}

export function signIn(email: string, password: string): Promise<Problem> {
  return ask('/api/auth/sign-in/email', { email, password }, 'You could not be signed in', {
    401: 'This email and password do not belong together.',
  })
}

/** An account, and an organisation of its own. Without the second the first is there all the same. */
export async function signUp({ organisation, ...account }: SignUp): Promise<Problem> {
  const problem = await ask('/api/auth/sign-up/email', account, 'The account could not be made', {
    422: 'There is an account with this email already. Sign in instead.',
  })
  return problem ?? createOrganisation(organisation)
}

/** Make an organisation and go there. */
export function createOrganisation(name: string): Promise<Problem> {
  const slug = crypto.randomUUID()
  return ask('/api/auth/organization/create', { name, slug }, 'The organisation was not made')
}

export function switchOrganisation(organizationId: string): Promise<Problem> {
  const otherwise = 'The organisation was not changed'
  return ask('/api/auth/organization/set-active', { organizationId }, otherwise)
}

export function rename(name: string): Promise<Problem> {
  return ask('/api/auth/update-user', { name }, 'The name was not changed')
}

/** For good, with all that is theirs. The email says that it is meant. */
export function deleteAccount(email: string): Promise<Problem> {
  return ask('/api/account/delete', { email }, 'The account was not deleted')
}

export function signOut(): Promise<Problem> {
  return ask('/api/auth/sign-out', {}, 'You could not be signed out')
}

async function ask(
  path: string,
  body: unknown,
  otherwise: string,
  known: Readonly<Record<number, string>> = {},
): Promise<Problem> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (response.ok) return undefined
    const { message } = (await response.json().catch(() => ({}))) as { message?: string }
    const why = message ?? `the server answered ${response.status}`
    return known[response.status] ?? `${otherwise}: ${why}.`
  } catch {
    return `${otherwise}: the studio does not answer. Try again in a moment.`
  }
}
