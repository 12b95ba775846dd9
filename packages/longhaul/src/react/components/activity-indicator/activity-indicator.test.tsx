// @vitest-environment happy-dom
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { deferred, testJob } from '../../../../test/engine.js'
import { testApi } from '../../../../test/http.js'
import { pageOf } from '../../../../test/react.js'
import { ActivityIndicator } from '../../index.js'

beforeEach(() => localStorage.clear())

describe('ActivityIndicator', () => {
  it('counts what runs, shows it in a panel, and clears away what has finished', async () => {
    const gate = deferred()
    const api = await testApi([testJob('held', () => gate.promise.then(() => null))])
    await api.engine.enqueue('held')
    const { Page } = pageOf(api)
    render(<ActivityIndicator />, { wrapper: Page })
    const button = await screen.findByRole('button', { name: 'Activity, 1 running' })
    expect(button.getAttribute('aria-expanded')).toBe('false')
    fireEvent.click(button)
    const panel = screen.getByRole('dialog', { name: 'Activity' })
    expect(document.activeElement).toBe(panel)
    expect(screen.getByRole('region', { name: 'In progress' }).textContent).toContain('Held')
    await api.engine.startWorker()
    gate.resolve()
    await screen.findByRole('region', { name: 'Finished' })
    await screen.findByRole('button', { name: 'Activity' })
    fireEvent.click(screen.getByRole('button', { name: 'Clear finished' }))
    expect(screen.queryByRole('region', { name: 'Finished' })).toBeNull()
    expect(document.activeElement).toBe(panel)
    expect(screen.getByText(/Nothing is running/)).toBeDefined()
  })

  it('does not show again after a reload what was cleared away', async () => {
    const api = await testApi([testJob('noop', () => null)])
    const id = await api.engine.enqueue('noop')
    await api.engine.startWorker()
    await api.engine.until(id, 'completed')
    const { Page } = pageOf(api)
    const { unmount } = render(<ActivityIndicator />, { wrapper: Page })
    fireEvent.click(screen.getByRole('button', { name: 'Activity' }))
    fireEvent.click(await screen.findByRole('button', { name: 'Clear finished' }))
    unmount()
    render(<ActivityIndicator />, { wrapper: Page })
    fireEvent.click(screen.getByRole('button', { name: 'Activity' }))
    await waitFor(() => expect(screen.getByText(/Nothing is running/)).toBeDefined())
  })

  it('closes with Escape and gives the focus back; a press elsewhere closes it too', async () => {
    const api = await testApi([])
    const { Page } = pageOf(api)
    render(
      <>
        <ActivityIndicator />
        <p>elsewhere</p>
      </>,
      { wrapper: Page },
    )
    const button = screen.getByRole('button', { name: 'Activity' })
    fireEvent.click(button)
    fireEvent.keyDown(screen.getByRole('dialog'), { key: 'Escape' })
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(document.activeElement).toBe(button)
    fireEvent.click(button)
    act(() => void fireEvent.pointerDown(screen.getByText('elsewhere')))
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})
