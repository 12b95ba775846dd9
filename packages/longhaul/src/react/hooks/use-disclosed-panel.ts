'use client'
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'

export interface DisclosedPanel {
  readonly isOpen: boolean
  readonly button: RefObject<HTMLButtonElement | null>
  readonly panel: RefObject<HTMLDivElement | null>
  toggle(): void
  /** Close it, and give the focus back to the button. */
  close(): void
  onKeyDown(event: KeyboardEvent): void
}

/**
 * A panel that a button opens: it takes the focus, Escape closes it and gives the focus back, and a
 * press or a focus elsewhere closes it too.
 */
export function useDisclosedPanel(): DisclosedPanel {
  const [isOpen, setIsOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (!isOpen) return undefined
    panel.current?.focus({ preventScroll: true })
    const leave = ({ target }: Event): void => {
      if (!(target instanceof Node)) return
      if (panel.current?.contains(target) === true || button.current?.contains(target) === true)
        return
      setIsOpen(false)
    }
    document.addEventListener('pointerdown', leave)
    document.addEventListener('focusin', leave)
    return () => {
      document.removeEventListener('pointerdown', leave)
      document.removeEventListener('focusin', leave)
    }
  }, [isOpen])

  function close(): void {
    setIsOpen(false)
    button.current?.focus()
  }

  return {
    isOpen,
    button,
    panel,
    toggle: () => (isOpen ? close() : setIsOpen(true)),
    close,
    onKeyDown(event) {
      if (event.key !== 'Escape' || !isOpen) return
      event.stopPropagation()
      close()
    },
  }
}
