'use client'
import type { ComponentProps, ReactElement } from 'react'
import {
  useConnectionNotice,
  type UseConnectionNoticeOptions,
} from '../../hooks/use-connection-notice.js'
import { useMessages } from '../../messages/use-messages.js'
import { classNames } from '../class-names.js'

export interface ConnectionIndicatorProps
  extends Omit<ComponentProps<'div'>, 'children'>, UseConnectionNoticeOptions {
  /**
   * Say "Live" while all is well.
   *
   * @defaultValue false
   */
  readonly showConnected?: boolean
  readonly classNames?: Partial<Record<'text' | 'button', string>>
}

/** Says when the page is not live, once that has lasted, and offers to try again. Style it by `data-state`. */
export function ConnectionIndicator({
  delayMs,
  messages: changes,
  showConnected = false,
  className,
  classNames: parts,
  ...rest
}: ConnectionIndicatorProps): ReactElement {
  const messages = useMessages(changes)
  const notice = useConnectionNotice({ ...(delayMs === undefined ? {} : { delayMs }), messages })
  const isShown = notice.isTrouble || showConnected
  return (
    <div
      {...rest}
      className={classNames('longhaul longhaul-connection', className)}
      data-state={notice.state}
      data-shown={isShown}
    >
      {/* There before it speaks: a live region that comes with its text is often not heard. */}
      <span role="status" className={classNames('longhaul-connection-text', parts?.text)}>
        {isShown && notice.text}
      </span>
      {notice.isTrouble && (
        <button
          type="button"
          className={classNames('longhaul-button', parts?.button)}
          onClick={notice.retryNow}
        >
          {messages.tryNow}
        </button>
      )}
    </div>
  )
}
