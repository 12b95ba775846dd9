// @vitest-environment happy-dom
import { render, screen } from '@testing-library/react'
import type { ReactElement } from 'react'
import { expect, it } from 'vitest'
import { testJob } from '../../../test/engine.js'
import { testApi } from '../../../test/http.js'
import { pageOf } from '../../../test/react.js'
import { ProgressTracker, useJob } from '../index.js'

it('a queued job says that no worker is there for it, and is run when one comes', async () => {
  const api = await testApi([testJob('noop', () => null)])
  const { Page } = pageOf(api)
  const id = await api.engine.enqueue('noop')
  function Shown(): ReactElement | null {
    const { job } = useJob(id)
    return job === undefined ? null : <ProgressTracker job={job} />
  }
  render(
    <Page>
      <Shown />
    </Page>,
  )
  expect(await screen.findByText('Waiting to start')).toBeDefined()
  expect(await screen.findByText('Waiting: nothing that can do this is running')).toBeDefined()

  await api.engine.startWorker()
  expect(await screen.findByText('Done')).toBeDefined()
})
