// @vitest-environment happy-dom
import { act, cleanup, render, renderHook, waitFor } from '@testing-library/react'
import type { ReactElement } from 'react'
import { describe, expect, it } from 'vitest'
import { deferred, testJob, untilAborted } from '../../../test/engine.js'
import { ada, bob } from '../../../test/database.js'
import { asHeader, testApi } from '../../../test/http.js'
import { pageOf } from '../../../test/react.js'
import { JobFailure } from '../../core/index.js'
import type { Job } from '../../client/index.js'
import {
  type JobView,
  LonghaulProvider,
  useConnectionStatus,
  useCreateJob,
  useJob,
  useJobs,
  useJobStatus,
} from '../index.js'

const noop = testJob('noop', () => null)

describe('useJob', () => {
  it('is idle without an id, then loads, follows and ends with the result', async () => {
    const gate = deferred()
    const api = await testApi([
      testJob('staged', async ({ progress }) => {
        progress(40, 'Planning')
        await gate.promise
        return { days: 4 }
      }),
    ])
    await api.engine.startWorker()
    const id = await api.engine.enqueue('staged')
    const { Page, requests } = pageOf(api)
    const { result, rerender } = renderHook(({ jobId }: { jobId?: string }) => useJob(jobId), {
      wrapper: Page,
      initialProps: {},
    })
    expect(result.current).toMatchObject({ status: 'idle', job: undefined })
    expect(requests).toEqual([])
    rerender({ jobId: id })
    expect(result.current.status).toBe('loading')
    await waitFor(() =>
      expect(result.current.job).toMatchObject({ progress: 40, stage: 'Planning' }),
    )
    gate.resolve()
    await waitFor(() => expect(result.current.status).toBe('completed'))
    expect(result.current.job?.result).toEqual({ days: 4 })
    expect(requests).toEqual(['POST /watch']) // one stream, in StrictMode too
  })

  it('says that a job is not there', async () => {
    const api = await testApi([noop])
    const { Page } = pageOf(api)
    const { result } = renderHook(() => useJob('0190a1b2-0000-7000-8000-00000000ffff'), {
      wrapper: Page,
    })
    await waitFor(() => expect(result.current.status).toBe('not_found'))
    expect(result.current.error).toMatchObject({ code: 'job_not_found' })
  })

  it('forgets everything when somebody else signs in', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    let user = ada
    const fetch = (url: string, init?: RequestInit): Promise<Response> =>
      api.fetch(
        new Request(url, { ...init, headers: { ...(init?.headers as object), ...asHeader(user) } }),
      )
    const seen: string[] = []
    function Watcher(): null {
      seen.push(useJob(id).status)
      return null
    }
    const page = (): ReactElement => (
      <LonghaulProvider url="http://localhost/api/longhaul" fetch={fetch} session={user.userId}>
        <Watcher />
      </LonghaulProvider>
    )
    const { rerender } = render(page())
    await waitFor(() => expect(seen.at(-1)).toBe('queued'))
    user = bob
    rerender(page())
    await waitFor(() => expect(seen.at(-1)).toBe('not_found'))
    expect(seen.slice(seen.indexOf('queued') + 1)).not.toContain('queued')
    cleanup()
  })
})

describe('useCreateJob', () => {
  it('creates, follows, completes, and tells of it once', async () => {
    const api = await testApi([testJob('double', ({ input }) => (input as { n: number }).n * 2)])
    await api.engine.startWorker()
    const completed: Job[] = []
    const { Page } = pageOf(api)
    const { result } = renderHook(
      () => useCreateJob('double', { onComplete: (job) => completed.push(job) }),
      { wrapper: Page },
    )
    expect(result.current).toMatchObject({
      job: undefined,
      isLoading: false,
      isComplete: false,
      progress: 0,
    })
    await act(() => result.current.createJob({ n: 21 }))
    await waitFor(() => expect(result.current.isComplete).toBe(true))
    expect(result.current).toMatchObject({
      isLoading: false,
      progress: 100,
      error: null,
      job: { result: 42 },
    })
    expect(completed).toMatchObject([{ result: 42 }])
  })

  it('shows the job before the server has answered', async () => {
    const api = await testApi([noop])
    const { Page } = pageOf(api)
    const { result } = renderHook(() => ({ made: useCreateJob(), list: useJobs({}) }), {
      wrapper: Page,
    })
    await waitFor(() => expect(result.current.list.isLoading).toBe(false))
    let creating: Promise<Job | undefined> | undefined
    act(() => {
      creating = result.current.made.createJob('noop', { n: 1 })
    })
    const { jobId } = result.current.made
    const proposal = { id: jobId, status: 'queued', version: 0, input: { n: 1 } }
    expect(result.current.made).toMatchObject({ isLoading: true, job: proposal })
    expect(result.current.list.jobs).toMatchObject([proposal])
    const job = await act(async () => creating)
    expect(job).toMatchObject({ id: jobId, version: 1 })
    expect(result.current.made.job).toMatchObject({ id: jobId, version: 1 })
    expect(result.current.list.jobs).toHaveLength(1)
  })

  it('shows why a job could not be created, and why one failed', async () => {
    const api = await testApi([
      testJob('doomed', () => {
        throw new JobFailure('There is no such place.', { code: 'not_found', retryable: false })
      }),
    ])
    await api.engine.startWorker()
    const errors: string[] = []
    const { Page } = pageOf(api)
    const { result } = renderHook(
      () => useCreateJob({ onError: (error) => errors.push(error.code) }),
      {
        wrapper: Page,
      },
    )
    await act(() => result.current.createJob('cruise', {}))
    expect(result.current).toMatchObject({
      error: { code: 'unknown_job_type' },
      isLoading: false,
      job: undefined,
    })
    await act(() => result.current.createJob('doomed', {}))
    await waitFor(() => expect(result.current.error).toMatchObject({ code: 'not_found' }))
    expect(errors).toEqual(['not_found'])
  })

  it('is done with a job that is gone, as when it was deleted', async () => {
    const api = await testApi([noop])
    await api.engine.startWorker()
    const { Page } = pageOf(api)
    const { result } = renderHook(() => useCreateJob('noop'), { wrapper: Page })
    await act(() => result.current.createJob({}))
    await waitFor(() => expect(result.current.isComplete).toBe(true))
    await api.engine.jobs.delete(ada, result.current.jobId!)
    await waitFor(() => expect(result.current.error).toMatchObject({ code: 'job_not_found' }))
    expect(result.current).toMatchObject({ job: undefined, isLoading: false })
  })

  it('cancels what it created, and retries it', async () => {
    const api = await testApi([testJob('long', ({ signal }) => untilAborted(signal))])
    await api.engine.startWorker()
    const { Page } = pageOf(api)
    const { result } = renderHook(() => useCreateJob('long'), { wrapper: Page })
    await act(() => result.current.createJob({}))
    await waitFor(() => expect(result.current.job?.status).toBe('running'))
    await act(() => result.current.cancel({ reason: 'enough' }))
    expect(result.current.job?.cancelRequestedAt).not.toBeNull()
    await waitFor(() => expect(result.current.job?.status).toBe('cancelled'))
    await act(() => result.current.retry())
    await waitFor(() => expect(result.current.job).toMatchObject({ status: 'running', attempt: 2 }))
  })
})

describe('useJobStatus', () => {
  it('has the shape of a polling hook, and asks nothing while it is live', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const { Page, requests } = pageOf(api)
    const completed: string[] = []
    const { result } = renderHook(
      () => useJobStatus(id, { intervalMs: 10, onComplete: (job) => completed.push(job.id) }),
      { wrapper: Page },
    )
    expect(result.current).toMatchObject({
      isLoading: true,
      isComplete: false,
      progress: 0,
      error: null,
    })
    await waitFor(() => expect(result.current.job?.status).toBe('queued'))
    await api.engine.startWorker()
    await waitFor(() => expect(result.current.isComplete).toBe(true))
    expect(completed).toEqual([id])
    expect(requests).toEqual(['POST /watch'])
  })

  it('asks at its interval when live delivery is turned off', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const { Page, requests } = pageOf(api, { live: false })
    const { result } = renderHook(() => useJobStatus(id, { intervalMs: 20 }), { wrapper: Page })
    await waitFor(() => expect(requests.length).toBeGreaterThan(3))
    await api.engine.startWorker()
    await waitFor(() => expect(result.current.isComplete).toBe(true))
  })
})

describe('useJobs', () => {
  it('shows jobs as they come and change, with counts, and more when asked', async () => {
    const api = await testApi([noop])
    for (let n = 0; n < 3; n += 1) await api.engine.enqueue('noop')
    const { Page } = pageOf(api)
    const { result } = renderHook(() => useJobs({ type: ['noop'] }, { limit: 2 }), {
      wrapper: Page,
    })
    expect(result.current).toMatchObject({ jobs: [], isLoading: true })
    await waitFor(() => expect(result.current.jobs).toHaveLength(2))
    expect(result.current).toMatchObject({ hasMore: true, counts: { queued: 3 } })
    act(() => result.current.loadMore())
    await waitFor(() => expect(result.current.jobs).toHaveLength(3))
    const id = await api.engine.enqueue('noop')
    await waitFor(() => expect(result.current.jobs[0]?.id).toBe(id))
    await api.engine.startWorker()
    await waitFor(() => expect(result.current.counts).toMatchObject({ completed: 4, queued: 0 }))
  })
})

describe('useConnectionStatus', () => {
  it('says how the page is connected', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const { Page } = pageOf(api)
    const { result, unmount } = renderHook(
      () => ({ status: useConnectionStatus(), job: useJob(id) }),
      {
        wrapper: Page,
      },
    )
    expect(result.current.status.state).toBe('idle')
    await waitFor(() =>
      expect(result.current.status).toMatchObject({ state: 'live', transport: 'sse' }),
    )
    unmount()
    await waitFor(() => expect(api.hub.size()).toBe(0), { timeout: 5000 })
  })
})

it('leaves nothing behind after many mounts and unmounts', async () => {
  const api = await testApi([noop])
  const id = await api.engine.enqueue('noop')
  const { Page, requests } = pageOf(api)
  const keep = renderHook(() => useJob(id), { wrapper: Page })
  await waitFor(() => expect(keep.result.current.status).toBe('queued'))
  const { rerender } = renderHook<JobView, { jobId: string | null }>(({ jobId }) => useJob(jobId), {
    wrapper: Page,
    initialProps: { jobId: id },
  })
  for (let n = 0; n < 200; n += 1) rerender({ jobId: n % 2 === 0 ? null : id })
  expect(requests.length).toBeLessThanOrEqual(3)
})
