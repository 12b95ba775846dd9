// @vitest-environment happy-dom
import { renderHook, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { deferred, testJob } from '../../../test/engine.js'
import { testApi } from '../../../test/http.js'
import { pageOf } from '../../../test/react.js'
import { useRequestStatusPolling } from '../index.js'

it('calls back with every status, in the words that the app already has', async () => {
  const gate = deferred()
  const api = await testApi([testJob('held', () => gate.promise.then(() => null))])
  const { Page, requests } = pageOf(api)
  const heard: string[] = []
  const { result, rerender } = renderHook(
    ({ requestId }: { requestId: string | null }) =>
      useRequestStatusPolling({
        requestId,
        onStatusChange: (status) => heard.push(status),
        statusNames: { queued: 'pending', running: 'in_progress' },
      }),
    { wrapper: Page, initialProps: { requestId: null as string | null } },
  )
  expect(result.current).toEqual({ status: null, error: null })
  expect(requests).toEqual([])
  rerender({ requestId: await api.engine.enqueue('held') })
  await waitFor(() => expect(result.current.status).toBe('pending'))
  await api.engine.startWorker()
  await waitFor(() => expect(result.current.status).toBe('in_progress'))
  gate.resolve()
  await waitFor(() => expect(result.current.status).toBe('completed'))
  expect(heard).toEqual(['pending', 'in_progress', 'completed'])
})
