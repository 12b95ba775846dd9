const nothingSaid = 'unknown error'

/** What whoever looks on reads of an error: what the AI SDK tells the model. */
export function errorText(error: unknown): string {
  if (error instanceof Error) return error.message
  if (typeof error === 'string') return error
  try {
    // Of what JSON does not know, such as a function, it makes `undefined`.
    return JSON.stringify(error ?? undefined) ?? nothingSaid
  } catch {
    return nothingSaid
  }
}
