const nothingSaid = 'unknown error'
/** A chunk of a stream is at most 64 KiB, and has the input of the call beside it. */
const mostCharacters = 8192

/** What whoever looks on reads of an error: what the AI SDK tells the model, unless it is too long to be written. */
export function errorText(error: unknown): string {
  const text = textOf(error)
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters)}… (cut)`
}

function textOf(error: unknown): string {
  if (error instanceof Error) return error.message
  if (typeof error === 'string') return error
  try {
    // Of what JSON does not know, such as a function, it makes `undefined`.
    return JSON.stringify(error ?? undefined) ?? nothingSaid
  } catch {
    return nothingSaid
  }
}
