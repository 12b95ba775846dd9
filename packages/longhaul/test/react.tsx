import { cleanup, configure } from '@testing-library/react'
import { type ReactElement, type ReactNode, StrictMode } from 'react'
import { onTestFinished } from 'vitest'
import type { Principal } from '../src/core/index.js'
import { LonghaulProvider, type LonghaulProviderProps } from '../src/react/index.js'
import { ada } from './database.js'
import { asHeader, type TestApi } from './http.js'

// A second, the library's own patience, passes on a busy machine before a job has run.
configure({ asyncUtilTimeout: 10_000 })

/** A page of a signed-in user, on a real API. In StrictMode, where every effect runs twice. */
export function pageOf(
  api: TestApi,
  { as = ada, ...props }: Partial<LonghaulProviderProps> & { as?: Principal } = {},
): { Page: (page: { children: ReactNode }) => ReactElement; requests: string[] } {
  onTestFinished(cleanup)
  const requests: string[] = []
  const fetch = (url: string, init?: RequestInit): Promise<Response> => {
    requests.push(`${init?.method} ${url.replace('http://localhost/api/longhaul', '')}`)
    const headers = { ...(init?.headers as Record<string, string>), ...asHeader(as) }
    return api.fetch(new Request(url, { ...init, headers }))
  }
  return {
    requests,
    Page: ({ children }) => (
      <StrictMode>
        <LonghaulProvider url="http://localhost/api/longhaul" fetch={fetch} {...props}>
          {children}
        </LonghaulProvider>
      </StrictMode>
    ),
  }
}
