import { LonghaulError } from 'longhaul'

/** A refusal of Longhaul as the app's own routes answer it: with its status and its sentence. */
export function refuse(error: unknown): Response {
  if (!LonghaulError.is(error)) throw error
  return Response.json({ code: error.code, message: error.message }, { status: error.status })
}

export function nobody(): Response {
  return Response.json({ code: 'unauthenticated', message: 'Sign in first.' }, { status: 401 })
}
