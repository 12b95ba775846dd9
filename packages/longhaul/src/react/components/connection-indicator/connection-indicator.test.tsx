// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import type { ReactElement } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { WatchAnswer } from '../../../protocol/index.js'
import { ConnectionIndicator, LonghaulProvider, useJobs } from '../../index.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

function Watcher(): null {
  useJobs()
  return null
}

function page(fetch: () => Promise<Response>, live = true): ReactElement {
  return (
    <LonghaulProvider url="/api" fetch={fetch} live={live}>
      <Watcher />
      <ConnectionIndicator />
    </LonghaulProvider>
  )
}

const after = (ms: number): Promise<unknown> => act(() => vi.advanceTimersByTimeAsync(ms))
const said = (): string | null => screen.getByRole('status').textContent

describe('ConnectionIndicator', () => {
  it('says nothing of trouble until it has lasted three seconds, then offers to try again', async () => {
    const fetch = vi.fn<() => Promise<Response>>(() => Promise.reject(new TypeError('down')))
    render(page(fetch))
    await after(2900)
    expect(said()).toBe('')
    await after(200)
    expect(said()).toMatch(/connection is lost/i)
    const tries = fetch.mock.calls.length
    fireEvent.click(screen.getByRole('button', { name: 'Try now' }))
    await after(1)
    expect(fetch.mock.calls.length).toBeGreaterThan(tries)
  })

  it('says that the server refused', async () => {
    render(page(() => Promise.resolve(new Response(null, { status: 401 }))))
    await after(3100)
    expect(said()).toMatch(/no longer signed in/)
  })

  it('says that it polls', async () => {
    const nothing = { jobs: [], changes: [], gone: [], windows: [], chunks: [], ends: [] }
    const answer: WatchAnswer = { epoch: 'e', pollMs: 60_000, ...nothing }
    // happy-dom reads a body by timers, and those stand still here.
    const text = (): Promise<string> => Promise.resolve(JSON.stringify(answer))
    const response = { ok: true, text } as Response
    render(page(() => Promise.resolve(response), false))
    await after(10_000)
    expect(said()).toMatch(/asks every few seconds/)
  })
})
