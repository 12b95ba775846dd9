import { describe, expect, it } from 'vitest'
import {
  isSettled,
  type JobStatus,
  jobStatuses,
  nextStatus,
  statusesAllowing,
  transitions,
} from './job-status.js'

describe('the status table', () => {
  it('lets a job be cancelled from every status in which it could still do work', () => {
    expect(statusesAllowing('cancel')).toEqual(jobStatuses.filter((status) => !isSettled(status)))
  })

  it('changes a settled job only by a retry', () => {
    const actions = jobStatuses
      .filter(isSettled)
      .flatMap((status) => Object.keys(transitions[status]))
    expect(new Set(actions)).toEqual(new Set(['retry']))
  })

  it('never leaves a status by an action that the status does not list', () => {
    expect(nextStatus('completed', 'retry')).toBeUndefined()
    expect(nextStatus('queued', 'complete')).toBeUndefined()
  })

  it('can reach every status from queued', () => {
    const reached = new Set<JobStatus>(['queued'])
    for (const status of reached) {
      for (const to of Object.values(transitions[status])) reached.add(to)
    }
    expect([...reached].sort()).toEqual([...jobStatuses].sort())
  })
})
