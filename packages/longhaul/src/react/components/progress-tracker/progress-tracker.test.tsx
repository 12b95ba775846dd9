// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import axe from 'axe-core'
import { type ReactElement, StrictMode } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ada } from '../../../../test/database.js'
import { deferred, testJob } from '../../../../test/engine.js'
import { asHeader, testApi } from '../../../../test/http.js'
import { pageOf } from '../../../../test/react.js'
import { someJob } from '../../../../test/some-job.js'
import type { Job } from '../../../client/index.js'
import { CompactProgressTracker, ProgressTracker, useJob } from '../../index.js'

afterEach(cleanup)

const failed = { code: 'x', message: 'There is no such place.', context: null, retryable: false }
const now = '2026-11-22T10:00:00.000Z'
const later = '2026-11-22T10:02:04.000Z'
const examples: Record<string, Partial<Job>> = {
  sending: { status: 'queued', version: 0 },
  queued: { status: 'queued' },
  running: { status: 'running', progress: 40, stage: 'Planning the days', startedAt: now },
  waiting: { status: 'waiting' },
  completed: { status: 'completed', result: 1, progress: 100, startedAt: now, finishedAt: later },
  failed: { status: 'failed', error: failed, startedAt: now, finishedAt: later },
  cancelled: { status: 'cancelled', finishedAt: later },
  cancelling: { status: 'running', cancelRequestedAt: now, startedAt: now },
}
const nothing = (): undefined => undefined

function strictly(element: ReactElement): ReactElement {
  return <StrictMode>{element}</StrictMode>
}

describe('ProgressTracker', () => {
  it('names its bar, and says in words how far the work is', () => {
    render(<ProgressTracker job={someJob(examples['running'])} label="Trip to Lisbon" />)
    const bar = screen.getByRole('progressbar', { name: 'Trip to Lisbon' })
    expect(bar.getAttribute('value')).toBe('40')
    expect(bar.getAttribute('aria-valuetext')).toBe('Planning the days, 40%')
    expect(screen.getByText('Planning the days')).toBeDefined()
  })

  it('is indeterminate while nothing is known', () => {
    render(<ProgressTracker job={someJob({ status: 'running' })} label="Trip" />)
    expect(screen.getByRole('progressbar').hasAttribute('value')).toBe(false)
  })

  it('is called after its type where no label is given', () => {
    render(<ProgressTracker job={someJob({ type: 'ai_trip_generation' })} />)
    expect(screen.getByRole('group', { name: 'Ai trip generation' })).toBeDefined()
  })

  it('announces stages and the end at least five seconds apart, and never a percent', async () => {
    vi.useFakeTimers()
    try {
      const job = (change: Partial<Job>): Job =>
        someJob({ ...examples['running'], ...change } as Partial<Job>)
      const { rerender } = render(strictly(<ProgressTracker job={job({})} label="Trip" />))
      const said = (): string | null => screen.getByRole('status').textContent
      const show = async (change: Partial<Job>, afterMs: number): Promise<void> => {
        rerender(strictly(<ProgressTracker job={job(change)} label="Trip" />))
        await act(() => vi.advanceTimersByTimeAsync(afterMs))
      }
      expect(said()).toBe('')
      await show({ progress: 41 }, 10_000)
      expect(said()).toBe('')
      await show({ progress: 42, stage: 'Choosing places' }, 1)
      expect(said()).toBe('Choosing places')
      await show({ progress: 45, stage: 'Drawing the map' }, 4000)
      expect(said()).toBe('Choosing places')
      await show({ progress: 51, stage: 'Drawing the map' }, 2000)
      expect(said()).toBe('Drawing the map. Half done')
      await show({ ...examples['completed'] }, 1)
      expect(said()).toBe('Done')
    } finally {
      vi.useRealTimers()
    }
  })

  it('says how long it takes, took, and will take', () => {
    const startedAt = new Date(Date.now() - 61_500).toISOString()
    const { rerender } = render(
      strictly(
        <ProgressTracker job={someJob({ ...examples['running'], startedAt })} label="Trip" />,
      ),
    )
    expect(screen.getByText(/^1 min( 1 sec)? · about 1 min 30 sec left$/)).toBeDefined()
    rerender(strictly(<ProgressTracker job={someJob(examples['completed'])} label="Trip" />))
    expect(screen.getByText('Took 2 min 4 sec')).toBeDefined()
  })

  it.each([
    ['sending', 'Cancel'],
    ['queued', 'Cancel'],
    ['running', 'Cancel'],
    ['waiting', 'Cancel'],
    ['failed', 'Retry'],
    ['cancelled', 'Retry'],
    ['completed', undefined],
  ])('offers what can be done while %s', (status, action) => {
    const job = someJob(examples[status])
    render(<ProgressTracker job={job} label="Trip" onCancel={nothing} onRetry={nothing} />)
    expect(screen.queryAllByRole('button').map((button) => button.textContent)).toEqual(
      action === undefined ? [] : [action],
    )
  })

  it('shows that it is being cancelled until it has settled, and is not asked twice', () => {
    const cancel = vi.fn<() => void>()
    render(<ProgressTracker job={someJob(examples['cancelling'])} label="Trip" onCancel={cancel} />)
    const button = screen.getByRole('button', { name: 'Cancelling…' })
    expect(button.getAttribute('aria-disabled')).toBe('true')
    fireEvent.click(button)
    expect(cancel).not.toHaveBeenCalled()
  })

  it('says why an action did not work', async () => {
    const refuse = (): Promise<never> => Promise.reject(new Error('It has already completed.'))
    render(<ProgressTracker job={someJob(examples['running'])} label="Trip" onCancel={refuse} />)
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    await waitFor(() =>
      expect(screen.getByRole('alert').textContent).toBe('It has already completed.'),
    )
  })

  it('keeps the focus when the button that has it goes away', () => {
    const page = (status: string): ReactElement =>
      strictly(<ProgressTracker job={someJob(examples[status])} label="Trip" onCancel={nothing} />)
    const { rerender } = render(page('running'))
    act(() => screen.getByRole('button', { name: 'Cancel' }).focus())
    rerender(page('completed'))
    expect(document.activeElement).toBe(screen.getByRole('group', { name: 'Trip' }))
  })

  it('shows the steps with their durations, and asks for them again as the job goes on', async () => {
    const gate = deferred()
    const api = await testApi([
      testJob('planned', async ({ step }) => {
        await step('research', () => 1)
        await step('plan', () => gate.promise.then(() => 2))
        return null
      }),
    ])
    await api.engine.startWorker()
    const id = await api.engine.enqueue('planned')
    const { Page } = pageOf(api)
    function Trip(): ReactElement {
      const { job } = useJob(id)
      return <>{job !== undefined && <ProgressTracker job={job} label="Trip" showDetails />}</>
    }
    render(<Trip />, { wrapper: Page })
    const steps = await screen.findByRole('list', { name: 'Steps' }, { timeout: 5000 })
    await waitFor(() => expect(within(steps).getByText('research')).toBeDefined())
    expect(steps.children[0]?.textContent).toMatch(/^research, Completed0(\.\d)? sec$/)
    gate.resolve()
    await waitFor(() => expect(steps.children[1]?.textContent).toMatch(/^plan, Completed/), {
      timeout: 5000,
    })
  })

  it('shows the steps also of a job that has gone on whenever it is asked for', async () => {
    const gate = deferred()
    const api = await testApi([
      testJob('busy', async ({ step }) => {
        await step('research', () => 1)
        await gate.promise
      }),
    ])
    await api.engine.startWorker()
    const id = await api.engine.enqueue('busy')
    const { Page } = pageOf(api, {
      async fetch(url, init) {
        if (url.includes('include=steps'))
          await api.engine.db.query(
            `update longhaul.jobs set version = version + 1 where id = $1`,
            [id],
          )
        const headers = { ...(init?.headers as Record<string, string>), ...asHeader(ada) }
        return api.fetch(new Request(url, { ...init, headers }))
      },
    })
    function Trip(): ReactElement {
      const { job } = useJob(id)
      return <>{job !== undefined && <ProgressTracker job={job} label="Trip" showDetails />}</>
    }
    render(<Trip />, { wrapper: Page })
    expect(await screen.findByText('research')).toBeDefined()
    gate.resolve()
  })

  it('shows until when a job has to be done', () => {
    const job = someJob({ status: 'running', startedAt: now, deadlineAt: later })
    render(<ProgressTracker job={job} label="Trip" showDetails />)
    const deadline = screen.getByText('Has until').nextElementSibling
    expect(deadline?.querySelector('time')?.getAttribute('datetime')).toBe(later)
  })

  it('has nothing that axe would find, in any status', async () => {
    for (const example of Object.values(examples)) {
      const { container, unmount } = render(
        <main>
          <ProgressTracker
            job={someJob(example)}
            label="Trip"
            onCancel={nothing}
            onRetry={nothing}
            showDetails
          />
          <CompactProgressTracker
            job={someJob(example)}
            label="Trip"
            href="#trip"
            onCancel={nothing}
            onRetry={nothing}
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

describe('CompactProgressTracker', () => {
  it('says in a row what the card says, and names its buttons by the job', () => {
    render(
      <CompactProgressTracker job={someJob(examples['running'])} label="Trip" onCancel={nothing} />,
    )
    expect(screen.getByRole('group', { name: 'Trip' }).textContent).toContain(
      'Running. Planning the days',
    )
    expect(screen.getByRole('progressbar', { name: 'Trip' }).getAttribute('value')).toBe('40')
    expect(screen.getByRole('button', { name: 'Cancel: Trip' })).toBeDefined()
  })

  it('says why a job failed', () => {
    render(<CompactProgressTracker job={someJob(examples['failed'])} label="Trip" />)
    expect(screen.getByText('There is no such place.')).toBeDefined()
  })
})

it('takes other words from the provider and from the component', async () => {
  const api = await testApi([])
  const { Page } = pageOf(api, {
    messages: { statuses: { failed: 'Gescheitert' }, failure: ({ code }) => `Fehler ${code}` },
  })
  render(
    <ProgressTracker
      job={someJob(examples['failed'])}
      onRetry={nothing}
      messages={{ retry: 'Noch einmal' }}
    />,
    { wrapper: Page },
  )
  expect(screen.getByText('Gescheitert')).toBeDefined()
  expect(screen.getByText('Fehler x')).toBeDefined()
  expect(screen.getByRole('button', { name: 'Noch einmal' })).toBeDefined()
})

it('estimates the time left from past runs before the job has a pace of its own', async () => {
  const gate = deferred()
  const api = await testApi([testJob('held', () => gate.promise.then(() => null))])
  await api.engine.startWorker()
  const age = (id: string): Promise<unknown> =>
    api.engine.db.query(
      `update longhaul.jobs set started_at = now() - interval '10 minutes', version = version + 1 where id = $1`,
      [id],
    )
  const past = await api.engine.enqueue('held')
  await api.engine.until(past, 'running')
  await age(past)
  gate.resolve()
  await api.engine.until(past, 'completed')
  const { Page } = pageOf(api)
  const job = someJob({ type: 'held', status: 'running', startedAt: new Date().toISOString() })
  render(<ProgressTracker job={job} label="Trip" />, { wrapper: Page })
  await waitFor(() => expect(screen.getByText(/about 10 min left/)).toBeDefined())
})
