import { type ReactElement, type ReactNode, StrictMode, useEffect } from 'react'
import { create } from 'react-test-renderer'
import { expect, onTestFinished, vi } from 'vitest'
import { LonghaulProvider } from '../../src/react/index.js'
import { ada } from '../database.js'
import { asHeader, type TestApi } from '../http.js'
import { serve, type TestServer } from '../server.js'
import { answerFetchWith } from './globals.js'

/** An app on a device, and the API on a port of its own. In StrictMode, where every effect runs twice. */
export async function appOn(
  api: TestApi,
): Promise<{ App: (app: { children: ReactNode }) => ReactElement; server: TestServer }> {
  // Without it the renderer says that it is for React Native alone.
  vi.stubGlobal('IS_REACT_NATIVE_TEST_ENVIRONMENT', true)
  const server = await serve(api)
  answerFetchWith((address, init) =>
    fetch(address, {
      ...init,
      headers: { ...(init?.headers as Record<string, string>), ...asHeader(ada) },
    }),
  )
  const App = ({ children }: { children: ReactNode }): ReactElement => (
    <StrictMode>
      <LonghaulProvider url={server.url}>{children}</LonghaulProvider>
    </StrictMode>
  )
  return { App, server }
}

/** A screen of such an app that uses a hook. */
export async function screenWith<Shown>(
  api: TestApi,
  useHook: () => Shown,
): Promise<{
  /** What the hook returned the last time. */
  shown(): Shown
}> {
  const { App } = await appOn(api)
  const latest: Shown[] = []
  function Screen(): null {
    const shown = useHook()
    useEffect(() => void latest.splice(0, 1, shown))
    return null
  }
  const root = create(
    <App>
      <Screen />
    </App>,
  )
  onTestFinished(() => root.unmount())
  await expect.poll(() => latest).toHaveLength(1)
  return { shown: () => latest[0]! }
}
