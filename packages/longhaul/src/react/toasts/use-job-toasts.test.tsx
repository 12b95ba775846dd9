// @vitest-environment happy-dom
import { cleanup, render, screen, waitFor } from '@testing-library/react'
import type { ReactElement } from 'react'
import { toast, Toaster } from 'sonner'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ada, bob } from '../../../test/database.js'
import { testJob } from '../../../test/engine.js'
import { asHeader, type TestApi, testApi } from '../../../test/http.js'
import { pageOf } from '../../../test/react.js'
import { hidePage } from '../../../test/hide-page.js'
import type { JobFilter } from '../../client/index.js'
import { JobFailure, type Principal } from '../../core/index.js'
import {
  fromSonner,
  type JobToast,
  LonghaulProvider,
  type ShowToast,
  useJobs,
  useJobToasts,
} from '../index.js'

const noop = testJob('noop', () => null)
const doomed = testJob('doomed', () => {
  throw new JobFailure('There is no such place.', { code: 'not_found', retryable: false })
})

interface ToastsProps {
  readonly show: ShowToast
  readonly filter?: Omit<JobFilter, 'status'>
}

function Toasts(props: ToastsProps): null {
  useJobToasts({ ...props, labelOf: ({ type }) => `The ${type} job` })
  return null
}

/** The ids of the jobs in the window that toasts of this filter look at. */
function useWindow(filter: JobFilter = {}): string[] {
  return useJobs(filter, { limit: 50 }).jobs.map(({ id }) => id)
}

/** A page of Ada, where somebody else can sign in. */
function renderForAda(api: TestApi, App: () => ReactElement): { signIn(next: Principal): void } {
  let user = ada
  const fetch = (url: string, init?: RequestInit): Promise<Response> =>
    api.fetch(
      new Request(url, { ...init, headers: { ...(init?.headers as object), ...asHeader(user) } }),
    )
  const page = (): ReactElement => (
    <LonghaulProvider url="http://localhost/api/longhaul" fetch={fetch} session={user.userId}>
      <App />
    </LonghaulProvider>
  )
  onTestFinished(cleanup)
  const { rerender } = render(page())
  return {
    signIn(next) {
      user = next
      rerender(page())
    },
  }
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

  it('tells nothing of what had settled before of somebody else who signs in', async () => {
    const api = await testApi([noop])
    await api.engine.startWorker()
    const enqueue = async (principal: Principal): Promise<string> => {
      const { job } = await api.engine.jobs.enqueue('noop', {}, { principal })
      await api.engine.until(job.id, 'completed')
      return job.id
    }
    const [before, ofBob] = [await enqueue(ada), await enqueue(bob)]
    const shown: JobToast[] = []
    const known: string[][] = []
    function App(): ReactElement {
      known.push(useWindow())
      return <Toasts show={(each) => shown.push(each)} />
    }
    const { signIn } = renderForAda(api, App)
    await waitFor(() => expect(known.at(-1)).toEqual([before]))
    signIn(bob)
    await waitFor(() => expect(known.at(-1)).toEqual([ofBob]))
    const next = await enqueue(bob)
    await waitFor(() => expect(shown.map(({ job }) => job.id)).toEqual([next]))
  })

  it('tells nothing of what had settled before when its filter is another one', async () => {
    const api = await testApi([noop, doomed])
    await api.engine.startWorker()
    const [one, other] = [await api.engine.enqueue('noop'), await api.engine.enqueue('doomed')]
    await api.engine.until(one, 'completed')
    await api.engine.until(other, 'failed')
    const shown: JobToast[] = []
    const known: string[][] = []
    function App({ type }: { type: string }): ReactElement {
      // What another part of the page shows is known at once.
      known.push([...useWindow({ type: ['noop'] }), ...useWindow({ type: ['doomed'] })])
      return <Toasts show={(each) => shown.push(each)} filter={{ type: [type] }} />
    }
    const { Page } = pageOf(api)
    const { rerender } = render(<App type="noop" />, { wrapper: Page })
    await waitFor(() => expect(known.at(-1)).toEqual([one, other]))
    rerender(<App type="doomed" />)
    const next = await api.engine.enqueue('doomed')
    await waitFor(() => expect(shown.map(({ job }) => job.id)).toEqual([next]))
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

  it('tells nobody else of what it waited to tell in a hidden tab', async () => {
    const api = await testApi([noop])
    await api.engine.enqueue('noop')
    const shown: JobToast[] = []
    const statuses: (string | undefined)[] = []
    function App(): ReactElement {
      statuses.push(useJobs({}, { limit: 50 }).jobs[0]?.status)
      return <Toasts show={(each) => shown.push(each)} />
    }
    const { signIn } = renderForAda(api, App)
    await waitFor(() => expect(statuses.at(-1)).toBe('queued'))
    const show = hidePage()
    await api.engine.startWorker()
    await waitFor(() => expect(statuses.at(-1)).toBe('completed'))
    signIn(bob)
    show()
    await new Promise((resolve) => setTimeout(resolve))
    expect(shown).toEqual([])
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
