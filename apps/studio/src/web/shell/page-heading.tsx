import { type ReactElement, type ReactNode, useEffect, useRef } from 'react'
import { takeArrival } from './use-place.js'

/**
 * The heading of a page. It takes the focus when somebody comes here from another page, so that a
 * screen reader says where one is now. The first page of a visit leaves the focus where it is.
 */
export function PageHeading({ children }: { children: ReactNode }): ReactElement {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!takeArrival()) return
    heading.current?.focus({ preventScroll: true })
    scrollTo({ top: 0 })
  }, [])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}
