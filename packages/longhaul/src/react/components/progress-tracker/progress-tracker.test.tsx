// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react'
import axe from 'axe-core'
import { afterEach, describe, expect, it } from 'vitest'
import { someJob } from '../../../../test/some-job.js'
import type { Job } from '../../../client/index.js'
import { ProgressTracker } from './progress-tracker.js'

afterEach(cleanup)

const failed = { code: 'x', message: 'There is no such place.', context: null, retryable: false }
const now = '2026-11-22T10:00:00.000Z'
const examples: Record<string, Partial<Job>> = {
  queued: { status: 'queued' },
  running: { status: 'running', progress: 40, stage: 'Planning the days' },
  waiting: { status: 'waiting' },
  completed: { status: 'completed', result: 1, progress: 100, startedAt: now, finishedAt: now },
  failed: { status: 'failed', error: failed },
  cancelled: { status: 'cancelled' },
  cancelling: { status: 'running', cancelRequestedAt: now },
}

describe('ProgressTracker', () => {
  it('names its bar, and says in words how far the work is', () => {
    render(<ProgressTracker job={someJob(examples['running'])} label="Trip to Lisbon" />)
    const bar = screen.getByRole('progressbar', { name: 'Trip to Lisbon' })
    expect(bar.getAttribute('value')).toBe('40')
    expect(bar.getAttribute('aria-valuetext')).toBe('Planning the days, 40 %')
    expect(screen.getByRole('status').textContent).toBe('Planning the days')
  })

  it('is indeterminate while nothing is known', () => {
    render(<ProgressTracker job={someJob({ status: 'running' })} label="Trip" />)
    expect(screen.getByRole('progressbar').hasAttribute('value')).toBe(false)
  })

  it('does not announce each percent', () => {
    const { rerender } = render(<ProgressTracker job={someJob(examples['running'])} label="Trip" />)
    const announced = screen.getByRole('status').textContent
    rerender(
      <ProgressTracker job={someJob({ ...examples['running'], progress: 41 })} label="Trip" />,
    )
    expect(screen.getByRole('status').textContent).toBe(announced)
  })

  it.each([
    ['queued', 'Cancel'],
    ['running', 'Cancel'],
    ['failed', 'Retry'],
    ['cancelled', 'Retry'],
    ['completed', undefined],
  ])('offers what can be done while %s', (status, action) => {
    const nothing = (): undefined => undefined
    render(
      <ProgressTracker
        job={someJob(examples[status])}
        label="Trip"
        onCancel={nothing}
        onRetry={nothing}
      />,
    )
    expect(screen.queryAllByRole('button').map((button) => button.textContent)).toEqual(
      action === undefined ? [] : [action],
    )
  })

  it('shows that it is being cancelled until it has settled', () => {
    render(
      <ProgressTracker
        job={someJob(examples['cancelling'])}
        label="Trip"
        onCancel={() => undefined}
      />,
    )
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Cancelling…' }).disabled).toBe(
      true,
    )
  })

  it('has nothing that axe would find, in any status', async () => {
    for (const example of Object.values(examples)) {
      const { container, unmount } = render(
        <main>
          <ProgressTracker
            job={someJob(example)}
            label="Trip"
            onCancel={() => {}}
            onRetry={() => {}}
            showDetails
          />
        </main>,
      )
      // The contrast of colours is looked at in a real browser.
      const { violations } = await axe.run(container, {
        rules: { 'color-contrast': { enabled: false }, 'heading-order': { enabled: false } },
      })
      expect(violations).toEqual([])
      unmount()
    }
  })
})
