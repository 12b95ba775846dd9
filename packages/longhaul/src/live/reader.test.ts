import { expect, it } from 'vitest'
import { ada } from '../../test/database.js'
import { someJob } from '../../test/some-job.js'
import { createJobState, type JobState } from './job-state.js'
import { Reader, type WindowState } from './reader.js'

function stateOf(id: string, createdAt: string): JobState {
  return createJobState({ ...someJob({ id, createdAt }), tenantId: 'acme' })
}

function windowOf(...members: JobState[]): WindowState {
  const window: WindowState = {
    members,
    tag: members.map(({ job }) => job.id).join(),
    frame: (key) => ({ event: 'window', json: JSON.stringify({ key }) }),
    with: () => window,
  }
  return window
}

it('G-11: a job that is gone comes back by its own news, and not by a list that was read before', () => {
  const reader = new Reader(
    {
      principal: ada,
      watched: new Set(['j1']),
      hello: () => ({ event: 'hello', json: '{}' }),
      tell: () => undefined,
    },
    { versions: {}, windowTags: [] },
  )
  const taken = (): unknown[] =>
    reader.take().map(({ event, json }) => [event, (JSON.parse(json) as { id?: string }).id])
  const [first, other] = [
    stateOf('j1', '2026-11-22T10:00:00.000Z'),
    stateOf('j2', '2026-11-22T10:00:01.000Z'),
  ]
  reader.jobChanged('j1', first)
  expect(taken()).toEqual([
    ['hello', undefined],
    ['job', 'j1'],
  ])
  reader.jobChanged('j1', null)
  expect(taken()).toEqual([['gone', 'j1']])
  reader.windowChanged('w', windowOf(other, first))
  expect(taken()).toEqual([
    ['job', 'j2'],
    ['window', undefined],
  ])
  reader.jobChanged('j1', stateOf('j1', '2026-11-22T10:00:02.000Z'))
  expect(taken()).toEqual([['job', 'j1']])
})
