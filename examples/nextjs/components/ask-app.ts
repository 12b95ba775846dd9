/** Sends something to a route of this app. @throws an error that says what the app said */
export async function askApp(path: string, body?: object): Promise<void> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  })
  if (response.ok) return
  const { message } = (await response.json().catch(() => ({}))) as { readonly message?: string }
  throw new Error(message ?? `The app answered ${response.status}.`)
}
