// @vitest-environment happy-dom
import { render, screen, waitFor } from '@testing-library/react'
import type { ReactElement } from 'react'
import { toast, Toaster } from 'sonner'
import { expect, it } from 'vitest'
import { testJob } from '../../../test/engine.js'
import { testApi } from '../../../test/http.js'
import { pageOf } from '../../../test/react.js'
import { JobFailure } from '../../core/index.js'
import {
  ActivityIndicator,
  fromSonner,
  JobList,
  ProgressTracker,
  useJob,
  useJobToasts,
} from '../index.js'

const texts = {
  stage: '<img src=x onerror=alert(1)>',
  step: '<script>alert(2)</script>\u001B[31m',
  failure: '[click](javascript:alert(3)) <a href="javascript:alert(4)">x</a> \u202Egnp',
  title: '<svg onload=alert(5)> <iframe src="data:text/html,x">',
}

/** In so many places at least, of which one may be later than the others. */
async function isShown(text: string, times: number): Promise<void> {
  await waitFor(() => expect(screen.getAllByText(text).length).toBeGreaterThanOrEqual(times))
}

it('B42: what jobs say is shown as it is written, and never as HTML or a link', async () => {
  const api = await testApi([
    testJob('hostile', async ({ progress, step }) => {
      progress(10, texts.stage)
      await step('look', { retry: { attempts: 1 } }, () => {
        throw new Error(texts.step)
      }).catch(() => undefined)
      throw new JobFailure(texts.failure, { code: 'hostile', retryable: false })
    }),
    testJob('stays', async ({ progress, waitForSignal }) => {
      progress(10, texts.stage)
      await waitForSignal('never')
    }),
  ])
  const waiting = await api.engine.enqueue('stays')
  await api.engine.startWorker()
  await api.engine.untilJob(waiting, ({ stage }) => stage === texts.stage)
  const { Page } = pageOf(api)

  function Tracker({ id }: { id: string }): ReactElement | null {
    const { job } = useJob(id)
    return job === undefined ? null : <ProgressTracker job={job} label={texts.title} showDetails />
  }
  function App({ id }: { id?: string }): ReactElement {
    useJobToasts({ show: fromSonner(toast), labelOf: () => texts.title })
    return (
      <>
        <Toaster />
        <ActivityIndicator labelOf={() => texts.title} />
        <JobList labelOf={() => texts.title} />
        <Tracker id={waiting} />
        {id !== undefined && <Tracker id={id} />}
      </>
    )
  }
  const { rerender } = render(<App />, { wrapper: Page })
  await isShown(texts.stage, 1)
  const failed = await api.engine.enqueue('hostile')
  rerender(<App id={failed} />)
  await isShown(texts.failure, 2)
  expect(await screen.findByText(texts.step, { exact: false })).toBeDefined()
  await isShown(texts.title, 4)
  const dangerous = 'img, script, iframe, [onload], [onerror], a[href^="javascript"]'
  expect(document.body.querySelectorAll(dangerous)).toHaveLength(0)
})
