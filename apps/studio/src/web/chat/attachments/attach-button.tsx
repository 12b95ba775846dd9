import { type ChangeEvent, type ReactElement, useRef } from 'react'

export interface AttachButtonProps {
  readonly onAttach: (files: readonly File[]) => void
}

const accepted = 'image/png,image/jpeg,image/gif,image/webp,text/*,.md,.csv,.json,.log'

/** Chooses files for the next question. They can be pasted and dropped too. */
export function AttachButton({ onAttach }: AttachButtonProps): ReactElement {
  const input = useRef<HTMLInputElement>(null)

  function onChange({ target }: ChangeEvent<HTMLInputElement>): void {
    onAttach([...(target.files ?? [])])
    // So that the same file can be chosen again.
    target.value = ''
  }

  return (
    <>
      <input ref={input} type="file" multiple accept={accepted} hidden onChange={onChange} />
      <button
        type="button"
        className="button button-icon"
        aria-label="Attach files"
        onClick={() => input.current?.click()}
      >
        <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M20 11.5 12.2 19.3a5 5 0 0 1-7.1-7.1l8.2-8.2a3.4 3.4 0 0 1 4.8 4.8l-8.1 8.1a1.7 1.7 0 0 1-2.5-2.4l7.4-7.4" />
        </svg>
      </button>
    </>
  )
}
