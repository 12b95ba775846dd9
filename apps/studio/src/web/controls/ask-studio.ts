/**
 * Ask a route of the studio's own.
 *
 * @param body a file is sent as it is, anything else as JSON
 * @throws {Error} with a sentence for people
 */
export async function askStudio<Answer>(
  path: string,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' = 'GET',
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(path, {
    method,
    ...(body === undefined ? {} : encode(body)),
  }).catch((cause: unknown) => {
    throw new Error('The studio does not answer. Try again in a moment.', { cause })
  })
  if (response.status === 204) return undefined as Answer
  const answer = (await response.json().catch(() => ({}))) as { message?: string }
  if (response.ok) return answer as Answer
  throw new Error(answer.message ?? `The studio answered ${response.status}. Try again.`)
}

function encode(body: unknown): RequestInit {
  return body instanceof Blob
    ? { headers: { 'content-type': 'application/octet-stream' }, body }
    : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}
