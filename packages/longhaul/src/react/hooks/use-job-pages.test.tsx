// @vitest-environment happy-dom
import { act, cleanup, renderHook, waitFor } from '@testing-library/react'
import type { ReactElement, ReactNode } from 'react'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ada, bob } from '../../../test/database.js'
import { deferred, testJob } from '../../../test/engine.js'
import { asHeader, type TestApi, testApi } from '../../../test/http.js'
import { pageOf } from '../../../test/react.js'
import type { Principal } from '../../core/index.js'
import { LonghaulProvider, useJobPages } from '../index.js'

const one = testJob('one', () => null)
const other = testJob('other', () => null)

async function add(api: TestApi, type: string, principal: Principal = ada): Promise<string> {
  const { job } = await api.engine.jobs.enqueue(type, {}, { principal })
  return job.id
}

async function ask(
  api: TestApi,
  { url, init, as = ada }: { url: string; init: RequestInit | undefined; as?: Principal },
): Promise<Response> {
  const headers = { ...(init?.headers as Record<string, string>), ...asHeader(as) }
  return api.fetch(new Request(url, { ...init, headers }))
}

describe('useJobPages', () => {
  it('has another page after the largest, too', async () => {
    const api = await testApi([one])
    const jobs = Array.from({ length: 201 }, () => ({ type: 'one', input: {} }))
    await api.engine.jobs.enqueueMany(jobs, { principal: ada })
    const { Page } = pageOf(api)
    const { result } = renderHook(() => useJobPages({}, { limit: 200 }), { wrapper: Page })
    await waitFor(() => expect(result.current.jobs).toHaveLength(200))
    expect(result.current.hasOlder).toBe(true)
    await act(() => result.current.older())
    await waitFor(() => expect(result.current.jobs).toHaveLength(1))
    expect(result.current.hasOlder).toBe(false)
  })

  it('goes on where the first page ends, also when the API cuts a page of large jobs short', async () => {
    const api = await testApi([one])
    const input = 'x'.repeat(600_000)
    for (let n = 0; n < 25; n += 1) await api.engine.jobs.enqueue('one', input, { principal: ada })
    const { Page } = pageOf(api)
    const { result } = renderHook(() => useJobPages({}, { limit: 20 }), { wrapper: Page })
    await waitFor(() => expect(result.current.jobs).toHaveLength(20))
    const first = result.current.jobs.map(({ id }) => id)
    await act(() => result.current.older())
    await waitFor(() => expect(result.current.jobs.map(({ id }) => id)).not.toEqual(first))
    const second = result.current.jobs.map(({ id }) => id)
    expect(new Set([...first, ...second]).size).toBe(25)
    expect(second).toHaveLength(5)
  })

  it('stays where somebody has gone last, when an answer from before comes later', async () => {
    const api = await testApi([one, other])
    for (const type of ['one', 'one', 'other', 'other']) await add(api, type)
    const gate = deferred()
    const { Page } = pageOf(api, {
      async fetch(url, init) {
        const response = await ask(api, { url, init })
        if (url.includes('type=one') && url.includes('cursor=')) await gate.promise
        return response
      },
    })
    const { result, rerender } = renderHook(
      ({ type }) => useJobPages({ type: [type] }, { limit: 1 }),
      {
        wrapper: Page,
        initialProps: { type: 'one' },
      },
    )
    await waitFor(() => expect(result.current.hasOlder).toBe(true))
    let late: Promise<void> | undefined
    act(() => {
      late = result.current.older()
    })
    rerender({ type: 'other' })
    await waitFor(() => expect(result.current.hasOlder).toBe(true))
    await act(() => result.current.older())
    expect(result.current.page).toBe(2)
    gate.resolve()
    await act(async () => late)
    expect(result.current.page).toBe(2)
  })

  it('is on the first page again for somebody else who signs in', async () => {
    const api = await testApi([one])
    for (let n = 0; n < 2; n += 1) await add(api, 'one')
    const ofBob = await add(api, 'one', bob)
    let user = ada
    const fetch = (url: string, init?: RequestInit): Promise<Response> =>
      ask(api, { url, init, as: user })
    function Page({ children }: { children: ReactNode }): ReactElement {
      return (
        <LonghaulProvider url="http://localhost/api/longhaul" fetch={fetch} session={user.userId}>
          {children}
        </LonghaulProvider>
      )
    }
    onTestFinished(cleanup)
    const { result, rerender } = renderHook(() => useJobPages({}, { limit: 1 }), { wrapper: Page })
    await waitFor(() => expect(result.current.hasOlder).toBe(true))
    await act(() => result.current.older())
    expect(result.current.page).toBe(2)
    user = bob
    rerender()
    await waitFor(() => expect(result.current.jobs.map(({ id }) => id)).toEqual([ofBob]))
    expect(result.current.page).toBe(1)
  })
})
