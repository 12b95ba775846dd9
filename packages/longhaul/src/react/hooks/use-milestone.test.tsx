// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react'
import type { ReactElement, ReactNode } from 'react'
import { expect, it, onTestFinished, vi } from 'vitest'
import { countHeld } from '../../../test/held.js'
import { hidePage } from '../../../test/hide-page.js'
import { someJob } from '../../../test/some-job.js'
import { LonghaulProvider } from '../index.js'
import { useMilestone } from './use-milestone.js'

function Page({ children }: { children: ReactNode }): ReactElement {
  return <LonghaulProvider url="http://localhost/api">{children}</LonghaulProvider>
}

it('G-56: a hidden tab waits to say the last milestone, and nothing when its job is not shown', async () => {
  vi.useFakeTimers()
  onTestFinished(() => {
    cleanup()
    vi.useRealTimers()
  })
  const held = countHeld()
  const show = hidePage()
  const { result, rerender, unmount } = renderHook(
    ({ stage }) => useMilestone(someJob({ stage }), stage, 'Half done'),
    { wrapper: Page, initialProps: { stage: 'Beginning' } },
  )
  const goOn = async (stage: string): Promise<void> => {
    rerender({ stage })
    await act(() => vi.advanceTimersByTimeAsync(5000))
  }
  for (let n = 1; n <= 10; n += 1) await goOn(`Stage ${n}`)
  expect(held().listeners).toBe(1)
  expect(result.current).toBe('')
  await act(() => {
    show()
    return vi.advanceTimersByTimeAsync(1)
  })
  expect(result.current).toBe('Stage 10')
  expect(held().listeners).toBe(0)

  hidePage()
  await goOn('Ending')
  expect(held().listeners).toBe(1)
  unmount()
  expect(held().listeners).toBe(0)
})
