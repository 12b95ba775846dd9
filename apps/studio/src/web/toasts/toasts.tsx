import { type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from 'react'
import type { JobToast } from 'longhaul/react'
import { Toast } from './toast.js'
import { useIsHidden } from './use-is-hidden.js'
import { useToasts } from './use-toasts.js'

/**
 * What has happened to jobs meanwhile, at the edge of every page. Nothing goes while somebody points
 * at it, has the focus in it, or looks at another tab. F8 leads there, Escape takes the one away that
 * has the focus.
 */
export function Toasts(): ReactElement {
  const { toasts, dismiss } = useToasts()
  const region = useRef<HTMLElement>(null)
  const [isPointedAt, setIsPointedAt] = useState(false)
  const [hasFocus, setHasFocus] = useState(false)
  const isHidden = useIsHidden()
  const isEmpty = toasts.length === 0

  useEffect(() => {
    if (isEmpty) return undefined
    const onKey = ({ key }: globalThis.KeyboardEvent): void => {
      if (key === 'F8') region.current?.focus()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [isEmpty])

  /** The focus must not be lost with what had it. */
  function close(id: string): void {
    // What has gone is not left by the pointer.
    if (toasts.length === 1) setIsPointedAt(false)
    const isInside = region.current?.contains(document.activeElement) === true
    dismiss(id)
    if (!isInside) return
    const next =
      toasts.length > 1 ? region.current : document.querySelector<HTMLElement>('#content')
    next?.focus()
  }

  function onKeyDown({ key }: KeyboardEvent): void {
    const focused = document.activeElement?.closest<HTMLElement>('[data-toast]')
    const id = focused?.dataset['toast'] ?? toasts.at(-1)?.id
    if (key === 'Escape' && id !== undefined) close(id)
  }

  return (
    <>
      <div
        role="presentation"
        onPointerEnter={() => setIsPointedAt(true)}
        onPointerLeave={() => setIsPointedAt(false)}
        onFocus={() => setHasFocus(true)}
        onBlur={() => setHasFocus(false)}
        onKeyDown={onKeyDown}
      >
        <section
          ref={region}
          className="toasts"
          aria-label="What has happened (F8)"
          hidden={isEmpty}
          tabIndex={-1}
        >
          {toasts.map((toast) => (
            <Toast
              key={toast.id}
              toast={toast}
              isPaused={isPointedAt || hasFocus || isHidden}
              onDismiss={() => close(toast.id)}
              onExpire={dismiss}
            />
          ))}
        </section>
      </div>
      {/* They are there before there is anything to say, or screen readers would say nothing. */}
      <p className="visually-hidden" role="status">
        {sentenceOf(toasts.findLast(({ kind }) => kind !== 'error'))}
      </p>
      <p className="visually-hidden" role="alert">
        {sentenceOf(toasts.findLast(({ kind }) => kind === 'error'))}
      </p>
    </>
  )
}

function sentenceOf(toast: JobToast | undefined): string {
  return toast === undefined ? '' : `${toast.title}: ${toast.description ?? ''}`
}
