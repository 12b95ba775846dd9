// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react'
import { expect, it, onTestFinished, vi } from 'vitest'
import { useClearedBefore } from './use-cleared-before.js'

it('clears away also where the browser has no room to remember it', () => {
  vi.stubGlobal('localStorage', {
    getItem: () => '1000',
    setItem() {
      throw new DOMException('There is no more room.', 'QuotaExceededError')
    },
  })
  onTestFinished(() => {
    cleanup()
    vi.unstubAllGlobals()
  })
  const { result } = renderHook(() => useClearedBefore('cleared'))
  expect(result.current[0]).toBe(1000)
  act(() => result.current[1](2000))
  expect(result.current[0]).toBe(2000)
})
