'use client'
import { type FocusEvent, useLayoutEffect, useRef } from 'react'

export interface KeptFocus {
  readonly tabIndex: -1
  onFocus(event: FocusEvent<HTMLElement>): void
  onBlur(): void
}

/**
 * Props for an element whose buttons come and go: when the one that has the focus vanishes, the
 * element takes it, so that the keyboard is not thrown back to the top of the page.
 */
export function useKeptFocus(): KeptFocus {
  const focused = useRef<{ readonly part: Element; readonly whole: HTMLElement }>(undefined)
  useLayoutEffect(() => {
    if (focused.current === undefined || focused.current.part.isConnected) return
    const { whole } = focused.current
    focused.current = undefined
    whole.focus({ preventScroll: true })
  })
  return {
    tabIndex: -1,
    onFocus({ target, currentTarget }) {
      focused.current = { part: target, whole: currentTarget }
    },
    onBlur() {
      focused.current = undefined
    },
  }
}
