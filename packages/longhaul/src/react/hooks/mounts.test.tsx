// @vitest-environment happy-dom
import { cleanup, render } from '@testing-library/react'
import { Fragment, type ReactElement, type ReactNode, StrictMode } from 'react'
import { describe, expect, it, onTestFinished } from 'vitest'
import { networkTo } from '../../../test/client.js'
import { testJob } from '../../../test/engine.js'
import { countHeld, type Held } from '../../../test/held.js'
import { testApi, type TestApi } from '../../../test/http.js'
import { testLocks } from '../../../test/locks.js'
import {
  LonghaulProvider,
  ProgressTracker,
  useConnectionNotice,
  useCreateJob,
  useJob,
  useJobActivity,
  useJobPages,
  useJobStatus,
  useJobStream,
  useJobToasts,
  useTaskSubscription,
} from '../index.js'

const mounts = 1000
const url = 'http://localhost/api/longhaul'
const nothing: Held = { timers: 0, listeners: 0, channels: 0 }
const draft = testJob('draft', () => null, { filterBy: ['contactId'] })

/** Whatever can be watched, listened to and waited for. */
function Everything({ id }: { id: string }): ReactElement | null {
  useCreateJob('draft')
  useJobToasts({ show: () => undefined })
  useTaskSubscription({ contactId: 'c1' })
  useJobActivity()
  useJobPages({ type: ['draft'] })
  useJobStream(id)
  useJobStatus(id, { intervalMs: 5000 })
  useConnectionNotice()
  const { job } = useJob(id)
  return job === undefined ? null : <ProgressTracker job={job} label="The draft" showDetails />
}

/** A browser whose tabs share a connection, and an API that they ask. */
function browserOn(api: TestApi) {
  const locks = testLocks()
  Object.defineProperty(navigator, 'locks', { value: locks, configurable: true })
  onTestFinished(() => void Reflect.deleteProperty(navigator, 'locks'))
  onTestFinished(cleanup)
  const { fetch } = networkTo(api)
  return {
    locks,
    App: ({ children }: { children?: ReactNode }): ReactElement => (
      <LonghaulProvider url={url} session="ada" fetch={fetch}>
        {children}
      </LonghaulProvider>
    ),
  }
}

describe('components that come and go', () => {
  it.each([
    ['', Fragment],
    [' in StrictMode', StrictMode],
  ])('G-56: leave nothing behind after 1,000 mounts%s', { timeout: 120_000 }, async (_, Mode) => {
    const api = await testApi([draft])
    const id = await api.engine.enqueue('draft', { contactId: 'c1' })
    const held = countHeld()
    const { App, locks } = browserOn(api)
    const page = render(<App />, { wrapper: Mode })
    for (let n = 1; n <= mounts; n += 1) {
      page.rerender(
        <App>
          <Everything id={id} />
        </App>,
      )
      // Some stay for long enough to be connected, and are gone for long enough to be forgotten.
      if (n % 500 === 0) await expect.poll(() => api.hub.size()).toBeGreaterThan(0)
      page.rerender(<App />)
      if (n % 500 === 0) await expect.poll(() => api.hub.size()).toBe(0)
    }
    await expect.poll(held).toEqual(nothing)
    await expect.poll(() => locks.count(`longhaul ${url} ada`)).toBe(0)
  })

  it('G-56: leave nothing behind with their provider, nor in another tab that goes on', async () => {
    const api = await testApi([draft])
    const id = await api.engine.enqueue('draft', { contactId: 'c1' })
    const held = countHeld()
    const { App } = browserOn(api)
    const tab = (
      <StrictMode>
        <App>
          <Everything id={id} />
        </App>
      </StrictMode>
    )
    const stays = render(tab)
    await stays.findByText('The draft')
    const watched = api.hub.size()
    const { channels, listeners } = held()
    for (let n = 0; n < 50; n += 1) {
      const goes = render(tab)
      if (n % 10 === 0) await goes.findAllByText('The draft')
      goes.unmount()
    }
    await expect.poll(held).toMatchObject({ channels, listeners })
    expect(api.hub.size()).toBe(watched)
    stays.unmount()
    await expect.poll(held).toEqual(nothing)
    await expect.poll(() => api.hub.size()).toBe(0)
  })
})
