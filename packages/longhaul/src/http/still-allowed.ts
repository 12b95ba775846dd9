import { LonghaulError, type Principal } from '../core/index.js'
import type { Authenticate } from './route.js'

/** Whether who was let in is still who is asking, with the same rights. */
export async function stillAllowed(
  authenticate: () => ReturnType<Authenticate>,
  before: Principal,
): Promise<boolean> {
  try {
    const now = await authenticate()
    return now !== undefined && now !== null && isSame(now, before)
  } catch {
    return true // the sign-in service is away: nothing says that the caller is not allowed any more
  }
}

export function isSame(now: Principal, before: Principal): boolean {
  return (
    now.tenantId === before.tenantId &&
    now.userId === before.userId &&
    [...now.roles].sort().join() === [...before.roles].sort().join()
  )
}

export function signedOut(): LonghaulError {
  return new LonghaulError(
    'unauthenticated',
    'The session has ended or its rights have changed. Sign in and watch again.',
  )
}
