/** A page that is kept for the way back, or frozen by the browser, can hold nothing for others. */
export function onAwayAndBack(away: () => void, back: () => void): () => void {
  const page = globalThis as Partial<Pick<Window, 'addEventListener' | 'document'>>
  const controller = new AbortController()
  const { signal } = controller
  page.addEventListener?.('pagehide', away, { signal })
  page.addEventListener?.('pageshow', back, { signal })
  page.document?.addEventListener('freeze', away, { signal })
  page.document?.addEventListener('resume', back, { signal })
  return () => controller.abort()
}
