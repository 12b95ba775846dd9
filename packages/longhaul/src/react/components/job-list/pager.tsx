'use client'
import type { ReactElement } from 'react'
import type { JobPages } from '../../hooks/use-job-pages.js'
import type { Messages } from '../../messages/messages.js'
import { classNames } from '../class-names.js'

interface PagerProps {
  readonly pages: JobPages
  readonly messages: Messages
  readonly className?: string | undefined
  readonly buttonClassName?: string | undefined
}

/** From page to page. At an end the button stays, so that the keyboard does not lose its place. */
export function Pager({
  pages,
  messages,
  className,
  buttonClassName,
}: PagerProps): ReactElement | null {
  if (!pages.hasNewer && !pages.hasOlder && pages.problem === '') return null
  return (
    <nav className={classNames('longhaul-pager', className)} aria-label={messages.jobs}>
      <button
        type="button"
        className={classNames('longhaul-button', buttonClassName)}
        aria-disabled={!pages.hasNewer || pages.isLoading}
        onClick={() => {
          if (pages.hasNewer && !pages.isLoading) void pages.newer()
        }}
      >
        {messages.newer}
      </button>
      <span aria-live="polite">{messages.page(pages.page)}</span>
      <button
        type="button"
        className={classNames('longhaul-button', buttonClassName)}
        aria-disabled={!pages.hasOlder || pages.isLoading}
        onClick={() => {
          if (pages.hasOlder && !pages.isLoading) void pages.older()
        }}
      >
        {messages.older}
      </button>
      <p role="alert" className="longhaul-problem">
        {pages.problem}
      </p>
    </nav>
  )
}
