// @vitest-environment happy-dom
import { render, screen, waitFor } from '@testing-library/react'
import type { ReactElement } from 'react'
import { toast, Toaster } from 'sonner'
import { describe, expect, it } from 'vitest'
import { ada } from '../../../test/database.js'
import { testJob } from '../../../test/engine.js'
import { testApi } from '../../../test/http.js'
import { pageOf } from '../../../test/react.js'
import { JobFailure } from '../../core/index.js'
import { fromSonner, type JobToast, type ShowToast, useJobToasts } from '../index.js'

const noop = testJob('noop', () => null)
const doomed = testJob('doomed', () => {
  throw new JobFailure('There is no such place.', { code: 'not_found', retryable: false })
})

function Toasts({ show }: { show: ShowToast }): null {
  useJobToasts({ show, labelOf: ({ type }) => `The ${type} job` })
  return null
}

describe('useJobToasts', () => {
  it('tells of each job that settles, and not of what had settled before', async () => {
    const api = await testApi([noop, doomed])
    const before = await api.engine.enqueue('noop')
    await api.engine.startWorker()
    await api.engine.until(before, 'completed')
    const shown: JobToast[] = []
    const { Page, requests } = pageOf(api)
    render(<Toasts show={(each) => shown.push(each)} />, { wrapper: Page })
    await waitFor(() => expect(requests).toContain('POST /watch'))
    await waitFor(() => expect(api.hub.size()).toBe(1))
    const next = await api.engine.enqueue('noop')
    await waitFor(() =>
      expect(shown).toMatchObject([{ kind: 'success', title: 'The noop job', job: { id: next } }]),
    )
    await api.engine.enqueue('doomed')
    await waitFor(() => expect(shown).toHaveLength(2))
    expect(shown[1]).toMatchObject({
      kind: 'error',
      description: 'There is no such place.',
      action: { label: 'Retry' },
    })
  })

  it('says why a retry was refused', async () => {
    const api = await testApi([doomed])
    const shown: JobToast[] = []
    const { Page } = pageOf(api)
    render(<Toasts show={(each) => shown.push(each)} />, { wrapper: Page })
    await waitFor(() => expect(api.hub.size()).toBe(1))
    await api.engine.startWorker()
    const id = await api.engine.enqueue('doomed')
    await waitFor(() => expect(shown).toHaveLength(1))
    await api.engine.jobs.delete(ada, id)
    shown[0]!.action!.run()
    await waitFor(() => expect(shown).toHaveLength(2))
    expect(shown[1]).toMatchObject({ kind: 'error', title: 'The doomed job' })
    expect(shown[1]!.id).not.toBe(shown[0]!.id)
    expect(shown[1]!.description).toContain('There is no')
  })

  it('tells once, however many parts of the app ask', async () => {
    const api = await testApi([noop])
    const shown: JobToast[] = []
    const show: ShowToast = (each) => shown.push(each)
    const { Page } = pageOf(api)
    render(
      <Page>
        <Toasts show={show} />
        <Toasts show={show} />
      </Page>,
    )
    await waitFor(() => expect(api.hub.size()).toBe(1))
    await api.engine.startWorker()
    const first = await api.engine.enqueue('noop')
    await waitFor(() => expect(shown).toHaveLength(1))
    const second = await api.engine.enqueue('noop')
    await waitFor(() => expect(shown.map(({ job }) => job.id)).toEqual([first, second]))
  })

  it('is shown by sonner', async () => {
    const api = await testApi([doomed])
    const { Page } = pageOf(api)
    function App(): ReactElement {
      return (
        <>
          <Toasts show={fromSonner(toast)} />
          <Toaster />
        </>
      )
    }
    render(<App />, { wrapper: Page })
    await waitFor(() => expect(api.hub.size()).toBe(1))
    await api.engine.startWorker()
    await api.engine.enqueue('doomed')
    await waitFor(() => expect(screen.getByText('The doomed job')).toBeDefined())
    expect(screen.getByText('There is no such place.')).toBeDefined()
    expect(screen.getByRole('button', { name: 'Retry' })).toBeDefined()
  })
})
