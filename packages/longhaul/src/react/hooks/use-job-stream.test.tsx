// @vitest-environment happy-dom
import { renderHook, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { deferred, testJob } from '../../../test/engine.js'
import { testApi } from '../../../test/http.js'
import { pageOf } from '../../../test/react.js'
import { createSource } from '../../client/observable.js'
import { atFrames } from './at-frames.js'
import { useJobStream } from './use-job-stream.js'

describe('useJobStream', () => {
  it('shows what is written as it is written, and its end', async () => {
    const gate = deferred()
    const api = await testApi([
      testJob('talk', async ({ stream }) => {
        stream.write('so it ')
        stream.write({ not: 'text' })
        await gate.promise
        stream.write('goes')
      }),
    ])
    await api.engine.startWorker()
    const id = await api.engine.enqueue('talk')
    const { Page } = pageOf(api)
    const { result } = renderHook(() => useJobStream(id), { wrapper: Page })
    expect(result.current).toMatchObject({ status: 'loading', text: '' })
    await waitFor(() => expect(result.current).toMatchObject({ status: 'open', text: 'so it ' }))
    gate.resolve()
    await waitFor(() =>
      expect(result.current).toMatchObject({ status: 'ended', text: 'so it goes' }),
    )
    expect(result.current.values).toEqual(['so it ', { not: 'text' }, 'goes'])
  })

  it('is idle without an id, and says when there is no such job', async () => {
    const api = await testApi([])
    const { Page } = pageOf(api)
    const idle = renderHook(() => useJobStream(null), { wrapper: Page })
    expect(idle.result.current.status).toBe('idle')
    const { result } = renderHook(() => useJobStream('0190a1b2-0000-7000-8000-00000000ffff'), {
      wrapper: Page,
    })
    await waitFor(() => expect(result.current.status).toBe('not_found'))
  })
})

describe('at frames', () => {
  it('many changes are told of once', async () => {
    const source = createSource(0)
    const told: number[] = []
    const unsubscribe = atFrames(source).subscribe(() => told.push(source.getSnapshot()))
    for (let n = 1; n <= 50; n += 1) source.set(n)
    await waitFor(() => expect(told).toEqual([50]))
    source.set(51)
    unsubscribe()
    await new Promise((resolve) => requestAnimationFrame(() => resolve(undefined)))
    expect(told).toEqual([50])
  })
})
