import { Hono } from 'hono'
import { z } from 'zod'
import type { Callers } from '../auth/callers.js'
import { type Asked, inTheNameOf } from '../http/in-the-name-of.js'
import { deleteAccount, type DeleteAccountOptions } from './delete-account.js'

export interface AccountApiOptions extends DeleteAccountOptions {
  readonly callers: Callers
}

const confirmation = z.strictObject({ email: z.string() })

/** `POST /delete {email}`: whoever is signed in goes, with all that is theirs. The email says that it is meant. */
export function createAccountApi({ callers, pool, erase }: AccountApiOptions): Hono<Asked> {
  const app = new Hono<Asked>()
  app.post('/delete', inTheNameOf(callers), async (context) => {
    const { caller } = context.var
    const body = confirmation.safeParse(await context.req.json().catch(() => undefined))
    const isMeant =
      body.success && body.data.email.trim().toLowerCase() === caller.user.email.toLowerCase()
    if (!isMeant) return context.json({ message: 'This is not the email of your account.' }, 422)
    const left = await deleteAccount({ pool, erase }, caller)
    if (left > 0)
      return context.json(
        { message: `${left} of your jobs are still being stopped. Try again in a minute.` },
        409,
      )
    callers.forget(context.req.raw.headers)
    return context.body(null, 204)
  })
  return app
}
