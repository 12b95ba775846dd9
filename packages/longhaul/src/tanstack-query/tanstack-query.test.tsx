// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, renderHook, waitFor } from '@testing-library/react'
import type { ReactElement, ReactNode } from 'react'
import { describe, expect, it } from 'vitest'
import { ada } from '../../test/database.js'
import { deferred, testJob } from '../../test/engine.js'
import { asHeader, type TestApi, testApi } from '../../test/http.js'
import { pageOf } from '../../test/react.js'
import type { LonghaulProviderProps } from '../react/index.js'
import { jobKey, useCreateJobMutation, useJobMutation, useJobQuery } from './index.js'

const noop = testJob('noop', () => null)

function queryPage(
  api: TestApi,
  props: Partial<LonghaulProviderProps> = {},
): {
  Wrapper: (page: { children: ReactNode }) => ReactElement
  requests: string[]
  cache: QueryClient
} {
  const { Page, requests } = pageOf(api, props)
  const cache = new QueryClient()
  return {
    requests,
    cache,
    Wrapper: ({ children }) => (
      <QueryClientProvider client={cache}>
        <Page>{children}</Page>
      </QueryClientProvider>
    ),
  }
}

describe('useJobQuery', () => {
  it('keeps the cache up to date by live delivery', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const { Wrapper, cache, requests } = queryPage(api)
    const { result } = renderHook(() => useJobQuery(id, { intervalMs: 60_000 }), {
      wrapper: Wrapper,
    })
    await waitFor(() => expect(result.current.data?.status).toBe('queued'))
    await api.engine.startWorker()
    await waitFor(() => expect(result.current.data?.status).toBe('completed'))
    expect(cache.getQueryData(jobKey(id))).toMatchObject({ status: 'completed' })
    expect(requests.filter((request) => request.startsWith('GET'))).toHaveLength(1)
  })

  it('asks at its interval while nothing is live, and stops once the job has settled', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const { Wrapper, requests } = queryPage(api, { live: false, pollMs: 60_000 })
    const { result } = renderHook(() => useJobQuery(id, { intervalMs: 20 }), { wrapper: Wrapper })
    await waitFor(() =>
      expect(requests.filter((each) => each.startsWith('GET')).length).toBeGreaterThan(2),
    )
    await api.engine.startWorker()
    await waitFor(() => expect(result.current.data?.status).toBe('completed'))
    const asked = requests.length
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(requests.length).toBe(asked)
  })

  it('keeps what live delivery has said when an older answer comes after it', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const [asked, gate] = [deferred(), deferred()]
    const { Wrapper } = queryPage(api, {
      async fetch(url, init) {
        const headers = { ...(init?.headers as Record<string, string>), ...asHeader(ada) }
        const answer = await api.fetch(new Request(url, { ...init, headers }))
        if (init?.method !== 'GET') return answer
        asked.resolve()
        await gate.promise
        return answer
      },
    })
    const { result } = renderHook(() => useJobQuery(id), { wrapper: Wrapper })
    await asked.promise
    await api.engine.startWorker()
    await waitFor(() => expect(result.current.data?.status).toBe('completed'))
    gate.resolve()
    await waitFor(() => expect(result.current.fetchStatus).toBe('idle'))
    expect(result.current.data?.status).toBe('completed')
  })

  it('says so when the job is deleted', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const { Wrapper } = queryPage(api)
    const { result } = renderHook(() => useJobQuery(id), { wrapper: Wrapper })
    await api.engine.startWorker()
    await waitFor(() => expect(result.current.data?.status).toBe('completed'))
    await api.request(`/jobs/${id}`, { method: 'DELETE' })
    await waitFor(() => expect(result.current.error).toMatchObject({ code: 'job_not_found' }))
  })

  it('does not ask again for what the server refused', async () => {
    const api = await testApi([noop])
    const { Wrapper, requests } = queryPage(api, { live: false, pollMs: 60_000 })
    const { result } = renderHook(
      () => useJobQuery('0190a1b2-0000-7000-8000-00000000ffff', { intervalMs: 10 }),
      { wrapper: Wrapper },
    )
    await waitFor(() => expect(result.current.error).toMatchObject({ code: 'job_not_found' }))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(requests.filter((each) => each.startsWith('GET'))).toHaveLength(1)
  })
})

it('puts a job that a mutation created into the cache', async () => {
  const api = await testApi([noop])
  const { Wrapper, cache } = queryPage(api)
  const { result } = renderHook(() => useCreateJobMutation('noop'), { wrapper: Wrapper })
  const job = await act(() => result.current.mutateAsync({ input: {} }))
  expect(cache.getQueryData(jobKey(job.id))).toMatchObject({ id: job.id, status: 'queued' })
})

describe('useJobMutation', () => {
  it('asks a route of the app’s own, follows the job, and makes its queries be asked again', async () => {
    const api = await testApi([testJob('ai_proxy', () => ({ intent: 'smart_goal' }))])
    const { Wrapper, cache } = queryPage(api)
    cache.setQueryData(['smartGoals'], [])
    cache.setQueryData(['tasks'], [])
    const { result } = renderHook(
      () =>
        useJobMutation({
          mutationFn: async (input: { prompt: string }) => ({
            job_id: await api.engine.enqueue('ai_proxy', input),
          }),
          jobIdOf: ({ job_id }) => job_id,
          invalidates: ({ result: answer }) =>
            (answer as { intent: string }).intent === 'smart_goal' ? [['smartGoals']] : [['tasks']],
        }),
      { wrapper: Wrapper },
    )
    expect(result.current).toMatchObject({ isLoading: false, isJobComplete: false, progress: 0 })
    await act(() => result.current.mutateAsync({ prompt: 'run a marathon' }))
    await waitFor(() => expect(result.current.jobStatus).toBe('queued'))
    expect(result.current.isLoading).toBe(true)
    await api.engine.startWorker()
    await waitFor(() => expect(result.current.isJobComplete).toBe(true))
    expect(result.current).toMatchObject({ isLoading: false, isJobFailed: false, progress: 100 })
    expect(cache.getQueryState(['smartGoals'])?.isInvalidated).toBe(true)
    expect(cache.getQueryState(['tasks'])?.isInvalidated).toBe(false)
  })
})
