import { useEffect } from 'react'

/** How near the end of the page one counts as reading along. */
const nearPx = 160

/** Keeps the end of the page in view while it grows, unless somebody has scrolled away from it. */
export function useEndInView(): void {
  useEffect(() => {
    const page = document.documentElement
    let isAtEnd = true
    const look = (): void => {
      isAtEnd = page.scrollHeight - page.clientHeight - page.scrollTop < nearPx
    }
    const growth = new ResizeObserver(() => {
      if (isAtEnd) scrollTo({ top: page.scrollHeight })
    })
    addEventListener('scroll', look, { passive: true })
    growth.observe(document.body)
    return () => {
      removeEventListener('scroll', look)
      growth.disconnect()
    }
  }, [])
}
