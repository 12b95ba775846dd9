// @vitest-environment happy-dom
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { testJob } from '../../../../test/engine.js'
import { testApi } from '../../../../test/http.js'
import { pageOf } from '../../../../test/react.js'
import { JobList } from '../../index.js'

const noop = testJob('noop', () => null)

/** The labels of the rows, from top to bottom. */
function rows(): (string | null | undefined)[] {
  return screen
    .queryAllByRole('listitem')
    .map((row) => within(row).queryByRole('group')?.querySelector('.longhaul-compact-label'))
    .map((label) => label?.textContent)
}

const byNumber = {
  labelOf: ({ input }: { readonly input: unknown }) => `Job ${(input as { n: number }).n}`,
}

describe('JobList', () => {
  it('shows jobs as they come, by status, with how many there are of each', async () => {
    const api = await testApi([noop])
    await api.engine.enqueue('noop', { n: 1 })
    const { Page } = pageOf(api)
    render(<JobList {...byNumber} />, { wrapper: Page })
    await waitFor(() => expect(rows()).toEqual(['Job 1']))
    await api.engine.enqueue('noop', { n: 2 })
    await waitFor(() => expect(rows()).toEqual(['Job 2', 'Job 1']))
    fireEvent.click(screen.getByRole('button', { name: /^Active/ }))
    await waitFor(() => expect(rows()).toEqual(['Job 2', 'Job 1']))
    await api.engine.startWorker()
    await waitFor(() => expect(rows()).toEqual([]))
    // The rows and the counts are read one after the other.
    const active = await screen.findByRole('button', { name: 'Active 0' })
    expect(active.getAttribute('aria-pressed')).toBe('true')
    fireEvent.click(await screen.findByRole('button', { name: 'Completed 2' }))
    await waitFor(() => expect(rows()).toEqual(['Job 2', 'Job 1']))
  })

  it('goes from page to page, and new jobs push none over an edge', async () => {
    const api = await testApi([noop])
    for (let n = 1; n <= 5; n += 1) await api.engine.enqueue('noop', { n })
    const { Page } = pageOf(api)
    render(<JobList {...byNumber} limit={2} />, { wrapper: Page })
    await waitFor(() => expect(rows()).toEqual(['Job 5', 'Job 4']))
    fireEvent.click(screen.getByRole('button', { name: 'Older' }))
    await waitFor(() => expect(rows()).toEqual(['Job 3', 'Job 2']))
    await api.engine.enqueue('noop', { n: 6 })
    fireEvent.click(screen.getByRole('button', { name: 'Older' }))
    await waitFor(() => expect(rows()).toEqual(['Job 1']))
    const older = screen.getByRole('button', { name: 'Older' })
    expect(older.getAttribute('aria-disabled')).toBe('true')
    fireEvent.click(older)
    fireEvent.click(screen.getByRole('button', { name: 'Newer' }))
    await waitFor(() => expect(rows()).toEqual(['Job 3', 'Job 2']))
    fireEvent.click(screen.getByRole('button', { name: 'Newer' }))
    await waitFor(() => expect(rows()).toEqual(['Job 6', 'Job 5']))
  })

  it('keeps older pages live', async () => {
    const api = await testApi([noop])
    for (let n = 1; n <= 2; n += 1) await api.engine.enqueue('noop', { n })
    const { Page } = pageOf(api)
    render(<JobList {...byNumber} limit={1} />, { wrapper: Page })
    await waitFor(() => expect(rows()).toEqual(['Job 2']))
    fireEvent.click(screen.getByRole('button', { name: 'Older' }))
    await waitFor(() => expect(rows()).toEqual(['Job 1']))
    await api.engine.startWorker()
    await waitFor(() => expect(screen.getByText('Completed.')).toBeDefined())
  })

  it('cancels many, and says which of them could not be', async () => {
    const api = await testApi([noop])
    const ids = [1, 2, 3].map((n) => api.engine.enqueue('noop', { n }))
    const [, gone] = await Promise.all(ids)
    // One is deleted behind the list's back, and the list is told too late.
    const { Page } = pageOf(api, {
      fetch: async (url, init) => {
        const request = new Request(url, {
          ...init,
          headers: { ...(init?.headers as object), 'x-principal': principal },
        })
        if (!url.endsWith(`${gone}/cancel`)) return api.fetch(request)
        return Response.json(
          { code: 'invalid_state', detail: 'It has completed.', status: 409 },
          { status: 409, headers: { 'content-type': 'application/problem+json' } },
        )
      },
    })
    render(<JobList {...byNumber} />, { wrapper: Page })
    await waitFor(() => expect(rows()).toHaveLength(3))
    fireEvent.click(screen.getByRole('checkbox', { name: 'Select Job 1' }))
    expect(screen.getByRole('checkbox', { name: '1 selected' })).toBeDefined()
    fireEvent.click(screen.getByRole('checkbox', { name: '1 selected' }))
    const cancel = screen.getByRole('button', { name: 'Cancel 3' })
    act(() => cancel.focus())
    fireEvent.click(cancel)
    await waitFor(() => expect(screen.getByText('2 cancelled.')).toBeDefined())
    expect(screen.getByText('1 could not be changed:')).toBeDefined()
    expect(screen.getByText('Job 2: It has completed.')).toBeDefined()
    // The button is gone with the selection; the focus has a place all the same.
    expect(document.activeElement).toBe(screen.getByRole('region', { name: 'Jobs' }))
  })

  it('retries what was cancelled', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop', { n: 1 })
    await api.post(`/jobs/${id}/cancel`)
    const { Page } = pageOf(api)
    render(<JobList {...byNumber} />, { wrapper: Page })
    fireEvent.click(await screen.findByRole('checkbox', { name: 'Select Job 1' }))
    fireEvent.click(screen.getByRole('button', { name: 'Retry 1' }))
    await waitFor(() => expect(screen.getByText('1 started again.')).toBeDefined())
    await waitFor(() => expect(screen.getByText('Queued.')).toBeDefined())
  })
})

const principal = JSON.stringify({ tenantId: 'acme', userId: 'ada', roles: [] })
