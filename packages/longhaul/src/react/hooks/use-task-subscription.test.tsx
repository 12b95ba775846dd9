// @vitest-environment happy-dom
import { act, renderHook, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { deferred, testJob } from '../../../test/engine.js'
import { testApi, type TestApi } from '../../../test/http.js'
import { pageOf } from '../../../test/react.js'
import { type Task, useTaskSubscription, type UseTaskSubscriptionOptions } from '../index.js'

const filterBy = ['contactId', 'agentId']

function subscribe(
  api: TestApi,
  initialProps: UseTaskSubscriptionOptions,
  props?: Parameters<typeof pageOf>[1],
) {
  const { Page, requests } = pageOf(api, props)
  const hook = renderHook((options: UseTaskSubscriptionOptions) => useTaskSubscription(options), {
    wrapper: Page,
    initialProps,
  })
  return { ...hook, requests }
}

function add(api: TestApi, contactId: string, agentId = 'writer'): Promise<string> {
  return api.engine.enqueue('draft', { contactId, agentId })
}

describe('useTaskSubscription', () => {
  it('follows the tasks of one contact and tells when one has completed, once', async () => {
    const gate = deferred()
    const draft = testJob('draft', () => gate.promise.then(() => null), { filterBy })
    const api = await testApi([draft])
    await api.engine.startWorker()
    const first = await add(api, 'c1')
    await add(api, 'c2')
    const completed: string[] = []
    const updated: Task[] = []
    const { result } = subscribe(api, {
      contactId: 'c1',
      statusNames: { running: 'in_progress' },
      onTaskUpdate: (task) => updated.push(task),
      onTaskComplete: ({ id }) => completed.push(id),
    })
    await waitFor(() => expect(result.current.loading).toBe(false))
    expect(result.current.activeTasks.map(({ id }) => id)).toEqual([first])
    const second = await add(api, 'c1', 'planner')
    await waitFor(() =>
      expect(result.current.activeTasks).toMatchObject([
        {
          id: second,
          status: 'in_progress',
          task_type: 'draft',
          completed_at: null,
          input_data: { contactId: 'c1', agentId: 'planner' },
          agent: { id: 'planner', agent_type: 'draft' },
        },
        { id: first },
      ]),
    )
    gate.resolve()
    await waitFor(() => expect(completed.toSorted()).toEqual([first, second].toSorted()))
    await waitFor(() => expect(result.current.activeTasks).toEqual([]))
    expect(result.current.tasks.map(({ id }) => id)).toEqual([second, first])
    expect(updated.every(({ job }) => job.type === 'draft')).toBe(true)
    // What had completed before somebody subscribed is no news.
    const later = subscribe(api, {
      contactId: 'c1',
      onTaskComplete: ({ id }) => completed.push(id),
    })
    await waitFor(() => expect(later.result.current.tasks).toHaveLength(2))
    expect(completed).toHaveLength(2)
  })

  it('shows the tasks of the agents that are asked for, and of no others', async () => {
    const api = await testApi([testJob('draft', () => null, { filterBy })])
    const ids = []
    for (const agent of ['writer', 'reader', 'planner']) ids.push(await add(api, 'c1', agent))
    const { result, rerender } = subscribe(api, { contactId: 'c1', agentIds: ['writer'] })
    const shown = (): string[] => result.current.activeTasks.map(({ agent }) => agent.id)
    await waitFor(() => expect(shown()).toEqual(['writer']))
    rerender({ contactId: 'c1', agentIds: ['planner', 'reader'] })
    await waitFor(() => expect(shown()).toEqual(['planner', 'reader']))
    rerender({ contactId: 'c1', agentIds: [] })
    expect(shown()).toEqual([])
    rerender({ contactId: 'c1' })
    await waitFor(() => expect(shown()).toEqual(['planner', 'reader', 'writer']))
  })

  it('finds those of several agents behind many tasks of another one', async () => {
    const api = await testApi([testJob('draft', () => null, { filterBy })])
    await add(api, 'c1', 'writer')
    await add(api, 'c1', 'reader')
    await Promise.all(Array.from({ length: 25 }, () => add(api, 'c1', 'planner')))
    const { result, rerender } = subscribe(api, { contactId: 'c1', agentIds: ['writer'] })
    const shown = (): string[] => result.current.activeTasks.map(({ agent }) => agent.id)
    await waitFor(() => expect(shown()).toEqual(['writer']))
    rerender({ contactId: 'c1', agentIds: ['writer', 'reader'] })
    await waitFor(() => expect(shown()).toEqual(['reader', 'writer']))
  })

  it('asks for nothing while it is not enabled or unsubscribed, and begins again', async () => {
    const api = await testApi([testJob('draft', () => null, { filterBy })])
    const id = await add(api, 'c1')
    const { result, rerender, requests } = subscribe(api, { contactId: 'c1', enabled: false })
    expect(result.current).toMatchObject({ loading: false, connection: 'disconnected', tasks: [] })
    expect(requests).toEqual([])
    act(() => result.current.subscribe())
    await waitFor(() => expect(result.current.tasks.map((task) => task.id)).toEqual([id]))
    await waitFor(() => expect(result.current.connection).toBe('connected'))
    act(() => result.current.unsubscribe())
    expect(result.current).toMatchObject({ tasks: [], connection: 'disconnected' })
    rerender({ contactId: 'c1', enabled: true })
    await waitFor(() => expect(result.current.tasks).toHaveLength(1))
    rerender({ contactId: null, enabled: true })
    expect(result.current).toMatchObject({ tasks: [], loading: false })
  })

  it('polls where streams do not get through, and says so', async () => {
    const api = await testApi([testJob('draft', () => null, { filterBy })])
    const { result } = subscribe(api, { contactId: 'c1', intervalMs: 50 }, { live: false })
    await waitFor(() => expect(result.current.connection).toBe('polling'))
    const id = await add(api, 'c1')
    await waitFor(() => expect(result.current.activeTasks.map((task) => task.id)).toEqual([id]))
    expect(result.current.error).toBeNull()
  })
})
