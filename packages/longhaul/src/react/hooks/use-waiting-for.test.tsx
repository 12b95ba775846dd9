// @vitest-environment happy-dom
import { act, cleanup, render, renderHook, screen } from '@testing-library/react'
import type { ReactElement, ReactNode } from 'react'
import { expect, it, onTestFinished, vi } from 'vitest'
import { testJob } from '../../../test/engine.js'
import { testApi } from '../../../test/http.js'
import { pageOf } from '../../../test/react.js'
import { someJob } from '../../../test/some-job.js'
import { LonghaulProvider, ProgressTracker, useJob, useWaitingFor } from '../index.js'

it('a queued job says that no worker is there for it, and is run when one comes', async () => {
  const api = await testApi([testJob('noop', () => null)])
  const { Page } = pageOf(api)
  const id = await api.engine.enqueue('noop')
  function Shown(): ReactElement | null {
    const { job } = useJob(id)
    return job === undefined ? null : <ProgressTracker job={job} />
  }
  render(
    <Page>
      <Shown />
    </Page>,
  )
  expect(await screen.findByText('Waiting to start')).toBeDefined()
  expect(await screen.findByText('Waiting: nothing that can do this is running')).toBeDefined()

  await api.engine.startWorker()
  expect(await screen.findByText('Done')).toBeDefined()
})

it('a job is asked about when its time has come, and no more when nobody is signed in', async () => {
  vi.useFakeTimers()
  onTestFinished(() => {
    cleanup()
    vi.useRealTimers()
  })
  const fetch = vi.fn<() => Promise<Response>>(async () => new Response(null, { status: 401 }))
  function Page({ children }: { children: ReactNode }): ReactElement {
    return (
      <LonghaulProvider url="http://localhost/api" fetch={fetch}>
        {children}
      </LonghaulProvider>
    )
  }
  const hourMs = 3_600_000
  const job = someJob({ status: 'queued', runAt: new Date(Date.now() + hourMs).toISOString() })
  renderHook(() => useWaitingFor(job), { wrapper: Page })
  const after = (ms: number): Promise<unknown> => act(() => vi.advanceTimersByTimeAsync(ms))
  await after(hourMs - 10_000)
  expect(fetch).not.toHaveBeenCalled()
  await after(20_000)
  expect(fetch).toHaveBeenCalledTimes(1)
  await after(60_000)
  expect(fetch).toHaveBeenCalledTimes(1)
})
