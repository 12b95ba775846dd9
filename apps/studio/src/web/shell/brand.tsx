import type { ReactElement } from 'react'

export function Brand(): ReactElement {
  return (
    <span className="brand">
      <svg className="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
        <rect className="brand-ground" width="32" height="32" rx="8" />
        <path className="brand-way" d="M8 23c0-6 5-5 8-7.5s2-6.5 8-6.5" />
        <circle className="brand-start" cx="8" cy="23" r="2.8" />
        <circle className="brand-end" cx="24" cy="9" r="2.8" />
      </svg>
      <span className="brand-name">Longhaul Studio</span>
    </span>
  )
}
