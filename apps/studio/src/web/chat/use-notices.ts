import { useCallback, useState } from 'react'

export interface Notice {
  readonly key: number
  readonly text: string
}

export type Notify = (text: string) => void

export interface UseNotices {
  readonly notices: readonly Notice[]
  readonly notify: Notify
  dismiss(key: number): void
}

/** What went wrong and is not a part of the page: it stays until somebody has read it. */
export function useNotices(): UseNotices {
  const [notices, setNotices] = useState<readonly Notice[]>([])
  const notify = useCallback((text: string) => {
    setNotices((before) => [...before, { key: (before.at(-1)?.key ?? 0) + 1, text }])
  }, [])
  const dismiss = useCallback((key: number) => {
    setNotices((before) => before.filter((each) => each.key !== key))
  }, [])
  return { notices, notify, dismiss }
}
