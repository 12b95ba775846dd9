/** What says who is asking, of a request whose answer outlives it: much smaller than the request. */
export interface RememberedRequest {
  readonly url: string
  /** Names and values in turn, as in node:http. */
  readonly headers: readonly string[]
}

/** `headers`: the request's own as node:http has them, which are there anyway. */
export function rememberRequest(
  { url, headers }: Request,
  rawHeaders: readonly string[] = [...headers].flat(),
): RememberedRequest {
  return { url, headers: rawHeaders }
}

/** A request that asks the same. `token`: and says so by another token. */
export function askAgain({ url, headers }: RememberedRequest, token?: string): Request {
  const request = new Request(url)
  for (let n = 0; n < headers.length; n += 2) {
    // HTTP/2 has names of its own for what is in the address.
    if (!headers[n]!.startsWith(':')) request.headers.append(headers[n]!, headers[n + 1]!)
  }
  if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`)
  return request
}
