// @vitest-environment happy-dom
import { cleanup, renderHook, waitFor } from '@testing-library/react'
import { type ReactElement, type ReactNode, StrictMode } from 'react'
import { expect, it, onTestFinished } from 'vitest'
import { networkTo } from '../../test/client.js'
import { ada, bob } from '../../test/database.js'
import { testJob } from '../../test/engine.js'
import { testApi } from '../../test/http.js'
import { testLocks } from '../../test/locks.js'
import { LonghaulProvider, useConnectionStatus, useJobs } from './index.js'

const noop = testJob('noop', () => null)
const users = new Map([
  ['Bearer ada', ada],
  ['Bearer bob', bob],
])

it('G-50: when somebody else signs in, the tabs of the one before go on without this one', async () => {
  const api = await testApi([noop], {
    authenticate: ({ headers }) => users.get(headers.get('authorization') ?? '') ?? null,
  })
  const { job: ofBob } = await api.engine.jobs.enqueue('noop', {}, { principal: bob })
  const ofAda = await api.engine.enqueue('noop')
  Object.defineProperty(navigator, 'locks', { value: testLocks(), configurable: true })
  onTestFinished(() => void Reflect.deleteProperty(navigator, 'locks'))
  onTestFinished(cleanup)
  const { fetch } = networkTo(api)

  function openTab() {
    const seen = new Set<string>()
    let user = 'ada'
    const Page = ({ children }: { children: ReactNode }): ReactElement => (
      <StrictMode>
        <LonghaulProvider
          url="http://localhost/api/longhaul"
          session={user}
          getToken={() => user}
          fetch={fetch}
        >
          {children}
        </LonghaulProvider>
      </StrictMode>
    )
    const { result, rerender } = renderHook(
      () => {
        const ids = useJobs({}).jobs.map(({ id }) => id)
        for (const id of ids) seen.add(id)
        return { ids, isLeader: useConnectionStatus().isLeader }
      },
      { wrapper: Page },
    )
    return {
      seen,
      shows: (tab: Partial<typeof result.current>) =>
        waitFor(() => expect(result.current).toMatchObject(tab), { timeout: 10_000 }),
      signIn(next: string) {
        user = next
        rerender()
      },
    }
  }

  const first = openTab()
  await first.shows({ ids: [ofAda], isLeader: true })
  const other = openTab()
  await other.shows({ ids: [ofAda], isLeader: false })
  first.signIn('bob')
  await first.shows({ ids: [ofBob.id] })
  await other.shows({ isLeader: true })
  const next = await api.engine.enqueue('noop')
  await other.shows({ ids: [next, ofAda] })
  expect([...other.seen]).toEqual([ofAda, next])
})
