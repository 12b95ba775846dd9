// Run in the project `react-native` only: there the modules of the client and of React's layer have no globals but those
// of React Native. React itself keeps those of Node.js, and draws by react-test-renderer, without a DOM.
import { type ReactNode, useEffect } from 'react'
import { create } from 'react-test-renderer'
import { describe, expect, it, onTestFinished } from 'vitest'
import { deferred, testJob, untilAborted } from '../../../test/engine.js'
import { testApi } from '../../../test/http.js'
import { openTimers } from '../../../test/react-native/globals.js'
import { appOn, screenWith } from '../../../test/react-native/screen.js'
import { JobFailure } from '../../core/index.js'
import {
  type JobToast,
  useConnectionNotice,
  useConnectionStatus,
  useCreateJob,
  useJob,
  useJobActivity,
  useJobPages,
  useJobProgress,
  useJobs,
  useJobStream,
  useJobToasts,
  useRequestStatusPolling,
  useTaskSubscription,
} from '../index.js'

describe('hooks in React Native', () => {
  it('make a job and follow it to its result, beside the list that it is in', async () => {
    const gate = deferred()
    const api = await testApi([
      testJob('staged', async ({ progress }) => {
        progress(40, 'Planning')
        await gate.promise
        return { days: 4 }
      }),
    ])
    await api.engine.startWorker()
    const { shown } = await screenWith(api, () => ({
      made: useCreateJob('staged'),
      list: useJobs({ type: ['staged'] }),
      connection: useConnectionStatus(),
    }))
    void shown().made.createJob({})
    await expect.poll(() => shown().made.job).toMatchObject({ progress: 40, stage: 'Planning' })
    await expect.poll(() => shown().list.jobs.map(({ stage }) => stage)).toEqual(['Planning'])
    await expect.poll(() => shown().connection.transport).toBe('websocket')
    gate.resolve()
    await expect.poll(() => shown().made.job?.result).toEqual({ days: 4 })
    await expect.poll(() => shown().list.jobs.map(({ status }) => status)).toEqual(['completed'])
  })

  it('cancel a job and try it again', async () => {
    const api = await testApi([testJob('long', ({ signal }) => untilAborted(signal))])
    await api.engine.startWorker()
    const id = await api.engine.enqueue('long')
    const { shown } = await screenWith(api, () => useJob(id))
    await expect.poll(() => shown().status).toBe('running')
    await shown().cancel({ reason: 'changed my mind' })
    await expect.poll(() => shown().status).toBe('cancelled')
    await shown().retry()
    await expect.poll(() => shown().status).toBe('running')
  })

  it('show what a job writes while it writes it', async () => {
    const gate = deferred()
    const api = await testApi([
      testJob('talk', async ({ stream }) => {
        stream.write('so it ')
        await gate.promise
        stream.write('goes')
      }),
    ])
    await api.engine.startWorker()
    const id = await api.engine.enqueue('talk')
    const { shown } = await screenWith(api, () => useJobStream(id))
    await expect.poll(shown).toMatchObject({ status: 'open', text: 'so it ' })
    gate.resolve()
    await expect.poll(shown).toMatchObject({ status: 'ended', text: 'so it goes' })
  })

  it('follow the tasks of a contact, what is going on, and tell of what has failed', async () => {
    const gate = deferred()
    const draft = testJob(
      'draft',
      async () => {
        await gate.promise
        throw new JobFailure('There is no such place.', { code: 'not_found', retryable: false })
      },
      { filterBy: ['contactId'] },
    )
    const api = await testApi([draft])
    const toasts: JobToast[] = []
    const { shown } = await screenWith(api, () => {
      useJobToasts({ show: (toast) => toasts.push(toast) })
      return {
        tasks: useTaskSubscription({ contactId: 'c1' }),
        activity: useJobActivity(),
        notice: useConnectionNotice(),
      }
    })
    await expect.poll(() => shown().activity.isLoading).toBe(false)
    const id = await api.engine.enqueue('draft', { contactId: 'c1' })
    await api.engine.startWorker()
    await expect
      .poll(() => shown().tasks.activeTasks)
      .toMatchObject([{ id, status: 'running', agent: { id: 'draft' } }])
    await expect.poll(() => shown().activity.activeCount).toBe(1)
    gate.resolve()
    await expect.poll(() => toasts).toMatchObject([{ kind: 'error', job: { id } }])
    await expect.poll(() => shown().activity.finished.map((job) => job.id)).toEqual([id])
    shown().activity.clearFinished()
    await expect.poll(() => shown().activity.finished).toEqual([])
    expect(shown().notice.state).toBe('connected')
  })

  it('show the progress of a job, its status by an older hook, and a list page by page', async () => {
    const api = await testApi([testJob('noop', () => null)])
    const ids = [await api.engine.enqueue('noop'), await api.engine.enqueue('noop')]
    const { shown } = await screenWith(api, () => ({
      request: useRequestStatusPolling({ requestId: ids[0], statusNames: { queued: 'pending' } }),
      pages: useJobPages({ type: ['noop'] }, { limit: 1 }),
    }))
    await expect.poll(() => shown().request.status).toBe('pending')
    await expect.poll(() => shown().pages.jobs.map(({ id }) => id)).toEqual([ids[1]])
    await shown().pages.older()
    await expect.poll(() => shown().pages.jobs.map(({ id }) => id)).toEqual([ids[0]])
    const job = shown().pages.jobs[0]!
    const drawn = await screenWith(api, () => useJobProgress(job))
    expect(drawn.shown()).toMatchObject({ status: 'queued', percent: 0, canCancel: true })
  })
  it('G-56: leave nothing behind after 1,000 mounts', { timeout: 120_000 }, async () => {
    const api = await testApi([testJob('noop', () => null)])
    const id = await api.engine.enqueue('noop')
    const { App, server } = await appOn(api)
    function Screen(): null {
      useJob(id)
      useJobs({ type: ['noop'] })
      useJobStream(id)
      useJobActivity()
      useConnectionNotice()
      return null
    }
    const root = create(<App>{null}</App>)
    onTestFinished(() => root.unmount())
    async function show(screen: ReactNode): Promise<void> {
      const drawn = deferred()
      root.update(
        <App>
          {screen}
          <Drawn tell={drawn.resolve} />
        </App>,
      )
      await drawn.promise
    }
    for (let n = 1; n <= 1000; n += 1) {
      await show(<Screen />)
      // Some stay for long enough to be connected, and are gone for long enough to be forgotten.
      if (n % 500 === 0) await expect.poll(() => api.hub.size()).toBeGreaterThan(0)
      await show(null)
      if (n % 500 === 0) await expect.poll(() => api.hub.size()).toBe(0)
    }
    await expect.poll(openTimers).toBe(0)
    await expect.poll(server.connections).toBe(0)
  })
})

function Drawn({ tell }: { tell: () => void }): null {
  useEffect(tell, [tell])
  return null
}
