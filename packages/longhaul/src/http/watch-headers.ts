/** Long enough to be worth it, short enough for every proxy. */
export const maxWaitSeconds = 30

export function accepts(request: Request, mediaType: string): boolean {
  return request.headers.get('accept')?.includes(mediaType) === true
}

/** `Prefer: wait=25` (RFC 7240). */
export function preferredWait(request: Request): number {
  const preference = /(?:^|[,;\s])wait=(\d{1,4})\b/.exec(request.headers.get('prefer') ?? '')
  return Math.min(maxWaitSeconds, Number(preference?.[1] ?? 0))
}
